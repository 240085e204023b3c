package io.yuntai.ledger.keys;

import io.yuntai.ledger.tenancy.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param name 1 to 128 printable characters
 * @param orgId whose it is
 * @param projectId in which project
 * @param userId whose of the organisation's members; 0 for nobody's
 * @param serviceAccountId whose of its programs; 0 for none's
 * @param scopes what for; empty for the usual
 * @param models for which models; empty for all
 * @param networks from where; empty for everywhere
 * @param expires from when on it is refused, null for never
 */
public record NewKey(
    String name,
    long orgId,
    long projectId,
    long userId,
    long serviceAccountId,
    Optional<Set<Scope>> scopes,
    List<ModelPattern> models,
    List<Network> networks,
    @Nullable Instant expires) {
  /** Most patterns, and most ranges. */
  public static final int MAX_ENTRIES = 100;

  private static final long DEFAULT_PROJECT = 1;

  /** Copies the lists. */
  public NewKey {
    models = List.copyOf(models);
    networks = List.copyOf(networks);
  }

  /** A key of this server's own tenant without further limits. */
  public static NewKey of(String name, @Nullable Instant expires) {
    return new NewKey(
        name,
        Organisation.DEFAULT_ID,
        DEFAULT_PROJECT,
        0,
        0,
        Optional.empty(),
        List.of(),
        List.of(),
        expires);
  }
}
