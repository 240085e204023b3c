package io.yuntai.ledger.keys;

import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a key may be used for.
 *
 * @param scopes for what
 * @param models for which models; empty for all
 * @param networks from where; empty for everywhere
 */
public record KeyLimits(Set<Scope> scopes, List<ModelPattern> models, List<Network> networks) {
  /** Copies what it is given. */
  public KeyLimits {
    EnumSet<Scope> ordered = EnumSet.noneOf(Scope.class);
    ordered.addAll(scopes);
    scopes = Collections.unmodifiableSet(ordered);
    models = List.copyOf(models);
    networks = List.copyOf(networks);
  }

  /** Whether it may be used for a model. */
  public boolean allowsModel(String name) {
    return models.isEmpty() || models.stream().anyMatch(pattern -> pattern.matches(name));
  }

  /** Whether it may be used from an address. */
  public boolean allowsFrom(InetAddress address) {
    return networks.isEmpty() || networks.stream().anyMatch(range -> range.contains(address));
  }
}
