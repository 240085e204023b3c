package io.yuntai.ledger.identity;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Role;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is signed in, as it stands now: a role that was taken away is not here.
 *
 * @param id row of the table {@code user_session}
 * @param userId row of the table {@code app_user}
 * @param email of the person
 * @param name of the person; may be empty
 * @param scope the only tenant that it opens; empty where it opens all of the person's
 * @param scopeId row of {@link #scope}; null where it is empty
 * @param roles of the person, by tenant's name
 * @param operates whether the person owns the tenant {@code default} and so runs this server
 * @param method what it was opened with
 * @param origin the address that it was opened from
 * @param agent what that program called itself
 * @param created when it was opened
 * @param seen when it was last used, a minute more or less
 * @param idleUntil when it ends unless it is used before
 * @param expires when it ends in any case
 */
public record Session(
    long id,
    long userId,
    String email,
    String name,
    Optional<String> scope,
    @Nullable Long scopeId,
    Map<String, Role> roles,
    boolean operates,
    Method method,
    String origin,
    String agent,
    Instant created,
    Instant seen,
    Instant idleUntil,
    Instant expires) {
  /** Copies the map. */
  public Session {
    roles = Map.copyOf(roles);
  }

  /** What somebody signs in with. */
  public enum Method {
    /** E-mail address and password. */
    PASSWORD,
    /** A link that is good once. */
    LINK,
    /** An identity provider of the operator's choice. */
    OIDC;

    /** The name in APIs and tables. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Method of(String label) {
      return valueOf(label.toUpperCase(java.util.Locale.ROOT));
    }
  }

  /** The person's role in a tenant; null for none. */
  public @Nullable Role role(String tenant) {
    return roles.get(tenant);
  }

  static boolean operates(Map<String, Role> roles) {
    return roles.get(Organisation.DEFAULT) == Role.OWNER;
  }
}
