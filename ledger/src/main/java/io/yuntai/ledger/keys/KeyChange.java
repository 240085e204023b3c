package io.yuntai.ledger.keys;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a key; null for what stays.
 *
 * @param models empty for all
 * @param networks empty for everywhere
 */
public record KeyChange(
    @Nullable String name,
    @Nullable Set<Scope> scopes,
    @Nullable List<ModelPattern> models,
    @Nullable List<Network> networks,
    @Nullable Expiry expiry) {
  /**
   * From when on it is refused.
   *
   * @param at null for never
   */
  public record Expiry(@Nullable Instant at) {}
}
