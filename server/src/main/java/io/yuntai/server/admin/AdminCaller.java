package io.yuntai.server.admin;

import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisations;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Role;
import java.util.Optional;

/**
 * Who administers.
 *
 * @param actor for the audit log
 * @param key the tenant's key; empty for the operator, who may do everything
 */
record AdminCaller(Actor actor, Optional<ApiKey> key) {
  boolean operates() {
    return key.isEmpty();
  }

  /**
   * The tenant of this name. Others than the caller's own are not there for it.
   *
   * @throws RefusedException when there is none
   */
  Organisation tenant(Organisations organisations, String name) {
    if (key.isPresent() && !key.get().owner().organisation().equals(name)) {
      throw RefusedException.notFound("tenant", name);
    }
    return organisations.find(name);
  }

  /**
   * Lets through who may.
   *
   * @throws RefusedException who may not
   */
  void require(Permission permission) {
    if (key.isEmpty() || key.get().owner().role().may(permission)) {
      return;
    }
    Role role = key.get().owner().role();
    throw new RefusedException(
        Reason.NOT_ALLOWED,
        "",
        "The role %s may not do this; whoever has the permission %s may."
            .formatted(role.label(), permission.name().toLowerCase(java.util.Locale.ROOT)));
  }

  /**
   * Lets the operator through.
   *
   * @throws RefusedException everybody else
   */
  void requireOperator() {
    if (!operates()) {
      throw new RefusedException(
          Reason.NOT_ALLOWED, "", "Only whoever runs this server may do this.");
    }
  }
}
