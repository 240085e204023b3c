package io.yuntai.server.admin;

import io.yuntai.ledger.budgets.BudgetAlerts;
import io.yuntai.ledger.budgets.Budgets;
import io.yuntai.ledger.budgets.Credits;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.ledger.usage.UsageReports;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the admin API stands on.
 *
 * @param tenancy who shares this server
 * @param keys theirs
 * @param budgets theirs
 * @param credits theirs
 * @param alerts of budgets
 * @param usage what was used
 * @param clock tells which keys have expired
 */
public record AdminServices(
    Tenancy tenancy,
    ApiKeys keys,
    Budgets budgets,
    Credits credits,
    BudgetAlerts alerts,
    UsageReports usage,
    InstantSource clock) {
  /** All of them in one database. */
  public static AdminServices of(Transactions database, ApiKeys keys, InstantSource clock) {
    return new AdminServices(
        new Tenancy(database),
        keys,
        new Budgets(database),
        new Credits(database),
        new BudgetAlerts(database),
        new UsageReports(database),
        clock);
  }

  /** A tenant as the admin API shows it. */
  public ObjectNode view(Organisation org) {
    return Views.tenant(
        org,
        org.billing() == Organisation.Billing.PREPAID ? credits.standing(org) : Optional.empty());
  }
}
