package io.yuntai.server.auth;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.Payer;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Session;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.ServedTenant;
import io.yuntai.server.gateway.Principal;
import java.util.Optional;

/**
 * Who asks models when a person who is signed in does: requests of our own pages go the way of all
 * others, and the person, the project "default" and the tenant pay. Safe for use by many threads.
 */
public final class SessionPrincipals {
  private final Transactions database;

  /** By this database. */
  public SessionPrincipals(Transactions database) {
    this.database = database;
  }

  /**
   * A person within a tenant.
   *
   * @param principal for the gateway
   * @param payer whose rows and budgets
   * @param currency that the tenant pays in
   */
  public record Member(Principal principal, Payer.Person payer, String currency) {}

  /**
   * The person of a session, within one of the person's tenants.
   *
   * @throws ApiException 404 where the tenant is not the person's; 403 where the role doesn't ask
   *     models, or the tenant is not served
   */
  public Member member(Session session, String tenant) throws ApiException {
    Role role = session.role(tenant);
    Optional<ServedTenant> found =
        role == null ? Optional.empty() : ServedTenant.find(database, tenant);
    if (role == null || found.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              404, "tenant_not_found", "There is no such tenant, or you are no member of it."));
    }
    if (!role.asksModels()) {
      throw new ApiException(
          ApiError.invalidRequest(
              403, "role_not_allowed", "Auditors look, and do not use models: ask for a role."));
    }
    if (found.get().suspended()) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "tenant_suspended",
              "The tenant %s is suspended: ask whoever runs this server.".formatted(tenant)));
    }
    Payer.Person payer =
        new Payer.Person(found.get().orgId(), found.get().projectId(), session.userId());
    return new Member(Principal.of(payer, session.email()), payer, found.get().currency());
  }
}
