package io.yuntai.ledger.keys;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a key is for. */
public enum Scope {
  /** Chat, completions, responses, and what goes with them. */
  GENERATE,
  /** Embeddings and ranking. */
  EMBED,
  /** Files and batches. */
  FILES,
  /** The whole server's metrics; only for keys of the tenant "default". */
  METRICS,
  /** The admin API, for the key's own tenant. */
  ADMIN,
  /** The admin API for all tenants; only for keys of the tenant "default". */
  OPERATOR;

  /** What a key may do unless it is said. */
  static Set<Scope> defaults(long orgId) {
    return orgId == Organisation.DEFAULT_ID
        ? EnumSet.of(GENERATE, EMBED, FILES, METRICS)
        : EnumSet.of(GENERATE, EMBED, FILES);
  }

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of this name. */
  public static Scope of(String label) {
    for (Scope scope : values()) {
      if (scope.label().equals(label)) {
        return scope;
      }
    }
    throw RefusedException.invalid(
        "scopes",
        "'%s' is no scope: there are generate, embed, files, metrics, admin and operator."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}
