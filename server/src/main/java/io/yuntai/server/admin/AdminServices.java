package io.yuntai.server.admin;

import io.yuntai.ledger.alerts.AlertOutbox;
import io.yuntai.ledger.alerts.AlertTargets;
import io.yuntai.ledger.budgets.BudgetAlerts;
import io.yuntai.ledger.budgets.Budgets;
import io.yuntai.ledger.budgets.Credits;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.ledger.texts.KeptTexts;
import io.yuntai.ledger.usage.RequestProofs;
import io.yuntai.ledger.usage.Spending;
import io.yuntai.ledger.usage.UsageExport;
import io.yuntai.ledger.usage.UsageHours;
import io.yuntai.ledger.usage.UsageReports;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the admin API stands on.
 *
 * @param database where prices and invoices lie too
 * @param tenancy who shares this server
 * @param keys theirs
 * @param budgets theirs
 * @param credits theirs
 * @param alerts of budgets
 * @param alertTargets whom those are told
 * @param alertOutbox and how that stands
 * @param usage what was used
 * @param hours the same by hour, with what was refused
 * @param exports the same, request by request
 * @param requests what became of each request
 * @param texts what was asked and answered, where a tenant wants it kept
 * @param identity how people sign in
 * @param clock tells which keys have expired
 * @param mails whether this server can send mail
 */
public record AdminServices(
    DataSource database,
    Tenancy tenancy,
    ApiKeys keys,
    Budgets budgets,
    Credits credits,
    BudgetAlerts alerts,
    AlertTargets alertTargets,
    AlertOutbox alertOutbox,
    UsageReports usage,
    UsageHours hours,
    UsageExport exports,
    RequestLog requests,
    KeptTexts texts,
    Identity identity,
    InstantSource clock,
    boolean mails) {
  /** All of them in one database. */
  public static AdminServices of(
      DataSource database,
      ApiKeys keys,
      Identity identity,
      Pepper pepper,
      SecureRandom random,
      InstantSource clock,
      boolean mails) {
    Transactions transactions = new Transactions(database);
    return new AdminServices(
        database,
        new Tenancy(transactions),
        keys,
        new Budgets(transactions),
        new Credits(transactions),
        new BudgetAlerts(transactions),
        new AlertTargets(transactions, pepper, random),
        new AlertOutbox(transactions, pepper),
        new UsageReports(transactions),
        new UsageHours(transactions),
        new UsageExport(transactions),
        new RequestLog(transactions),
        new KeptTexts(transactions),
        identity,
        clock,
        mails);
  }

  /** Price books, for changes by this one. */
  public PriceStore prices(Actor actor) {
    return new PriceStore(database, actor);
  }

  /** Invoices, for changes by this one. */
  public InvoiceStore invoices(Actor actor) {
    return new InvoiceStore(database, new DatabaseRateCards(database), actor);
  }

  /** Who spent what, exactly. */
  public Spending spending() {
    return new Spending(new Transactions(database));
  }

  /** Why requests cost what they do. */
  public RequestProofs proofs() {
    return new RequestProofs(new Transactions(database), new DatabaseRateCards(database));
  }

  /** A tenant as the admin API shows it. */
  public ObjectNode view(Organisation org) {
    return Views.tenant(
        org,
        org.billing() == Organisation.Billing.PREPAID ? credits.standing(org) : Optional.empty());
  }
}
