package io.yuntai.server.admin;

import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisations;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who administers, by a key or by a session.
 *
 * @param actor for the audit log
 * @param operates whether it is whoever runs this server, who may do everything
 * @param roles what the caller is, by tenant; empty for the operator
 */
public record AdminCaller(Actor actor, boolean operates, Map<String, Role> roles) {
  /** Copies the map. */
  public AdminCaller {
    roles = Map.copyOf(roles);
  }

  static AdminCaller operator(Actor actor) {
    return new AdminCaller(actor, true, Map.of());
  }

  static AdminCaller of(Actor actor, ApiKey key) {
    return new AdminCaller(actor, false, Map.of(key.owner().organisation(), key.owner().role()));
  }

  /** Somebody who is signed in, at this address. */
  public static AdminCaller of(Session session, String origin) {
    Actor actor = new Actor("user:" + session.email(), origin);
    return session.operates() ? operator(actor) : new AdminCaller(actor, false, session.roles());
  }

  /** The caller's own tenants, by name. */
  public List<String> tenants() {
    return roles.keySet().stream().sorted().toList();
  }

  /**
   * The tenant of this name. Others than the caller's own are not there for it.
   *
   * @throws RefusedException when there is none, or it is suspended
   */
  public Organisation tenant(Organisations organisations, String name) {
    role(name);
    Organisation org = organisations.find(name);
    if (!operates && org.status() == Organisation.Status.SUSPENDED) {
      throw new RefusedException(
          Reason.NOT_ALLOWED,
          "",
          "The tenant %s is suspended: ask whoever runs this server.".formatted(name));
    }
    return org;
  }

  private void role(String tenant) {
    if (!operates && !roles.containsKey(tenant)) {
      throw RefusedException.notFound("tenant", tenant);
    }
  }

  /**
   * Lets through who may.
   *
   * @param tenant where; empty for everywhere that the caller belongs to
   * @throws RefusedException who may not
   */
  public void require(Permission permission, String tenant) {
    if (operates || tenant.isEmpty()) {
      return;
    }
    role(tenant);
    Role role = roles.get(tenant);
    if (role == null || !role.may(permission)) {
      throw new RefusedException(
          Reason.NOT_ALLOWED,
          "",
          "The role %s may not do this; whoever has the permission %s may."
              .formatted(
                  role == null ? "none" : role.label(),
                  permission.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Whether a permission is the caller's in a tenant. */
  public boolean may(Permission permission, String tenant) {
    Role role = roles.get(tenant);
    return operates || (role != null && role.may(permission));
  }

  /**
   * Lets the operator through.
   *
   * @throws RefusedException everybody else
   */
  public void requireOperator() {
    if (!operates) {
      throw new RefusedException(
          Reason.NOT_ALLOWED, "", "Only whoever runs this server may do this.");
    }
  }
}
