package io.yuntai.ledger.budgets;

import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.tenancy.Texts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The credit of prepaid organisations. Its sum is the amount of the organisation's wallet: a budget
 * over all time from which every request of it draws.
 */
public final class Credits {
  private static final String COLUMNS =
      "id, kind, amount_nano, expires_at, expired_nano, note, created_at";

  private final Transactions database;

  /** In this database. */
  public Credits(Transactions database) {
    this.database = database;
  }

  /**
   * Gives credit.
   *
   * @param amountNano above 0, in the organisation's currency
   * @param expires when what is left is lost; null for never
   * @throws RefusedException when a value can't be accepted, or the organisation pays afterwards
   */
  public CreditGrant give(
      Actor actor,
      Organisation org,
      CreditKind kind,
      long amountNano,
      @Nullable Instant expires,
      String note) {
    if (amountNano <= 0 || amountNano > BudgetTerms.MAX_AMOUNT) {
      throw RefusedException.invalid("amount", "Credit is more than 0, and not astronomical.");
    }
    Texts.title("note", note);
    return database.run(connection -> {
      BudgetRows.lock(connection);
      requirePrepaid(connection, org);
      if (expires != null && !expires.isAfter(now(connection))) {
        throw RefusedException.invalid("expires", "Credit expires in the future, or never.");
      }
      CreditGrant grant =
          Rows.first(
                  connection,
                  "insert into credit_grant (org_id, kind, amount_nano, expires_at, note)"
                      + " values (?, ?, ?, ?, ?) returning "
                      + COLUMNS,
                  Credits::read,
                  org.id(),
                  kind.label(),
                  amountNano,
                  expires,
                  note)
              .orElseThrow();
      addToWallet(connection, org.id(), amountNano);
      Books.creditGranted(connection, org.id(), grant.id());
      AuditLog.write(
          connection, org.id(), actor, "credit.give", "credit:" + grant.id(), null, grant);
      return grant;
    });
  }

  private static Instant now(Connection connection) throws SQLException {
    return Rows.first(connection, "select clock_timestamp() as now", row -> Rows.time(row, "now"))
        .orElseThrow();
  }

  private static void requirePrepaid(Connection connection, Organisation org) throws SQLException {
    String billing =
        Rows.first(
                connection,
                "select billing from org where id = ?",
                row -> row.getString(1),
                org.id())
            .orElse("");
    if (!billing.equals(Billing.PREPAID.label())) {
      throw new RefusedException(
          Reason.CONFLICT,
          "billing",
          "%s pays by invoice, so credit would limit nothing: set its billing to prepaid first."
              .formatted(org.name()));
    }
  }

  private static void addToWallet(Connection connection, long orgId, long nano)
      throws SQLException {
    Budget wallet = wallet(connection, orgId);
    long sum;
    try {
      sum = Math.addExact(wallet.terms().amount(), nano);
    } catch (ArithmeticException e) {
      throw tooMuch();
    }
    if (sum > BudgetTerms.MAX_AMOUNT) {
      throw tooMuch();
    }
    Budget filled =
        new Budget(
            wallet.id(),
            wallet.target(),
            wallet.terms().of(sum),
            wallet.zone(),
            wallet.created(),
            wallet.version() + 1);
    BudgetRows.update(connection, orgId, filled);
    BudgetWindows.limit(connection, filled.id(), filled.terms());
    Rows.call(connection, "select plans_changed(?)", orgId);
  }

  private static RefusedException tooMuch() {
    return RefusedException.invalid("amount", "A tenant can't have that much credit.");
  }

  /** The wallet of an organisation, made where it has none yet. */
  static Budget wallet(Connection connection, long orgId) throws SQLException {
    Optional<Budget> wallet = BudgetRows.wallet(connection, orgId);
    if (wallet.isPresent()) {
      return wallet.get();
    }
    BudgetRows.lock(connection);
    wallet = BudgetRows.wallet(connection, orgId);
    if (wallet.isPresent()) {
      return wallet.get();
    }
    BudgetRows.insert(
        connection,
        orgId,
        BudgetTarget.ORG,
        new BudgetTerms(Unit.MONEY, Period.TOTAL, 0, true, BudgetTerms.DEFAULT_ALERTS),
        ZoneOffset.UTC,
        true);
    return BudgetRows.wallet(connection, orgId).orElseThrow();
  }

  /**
   * Ends credit whose time has come: what nobody has used of it is lost, and the wallet holds so
   * much less.
   *
   * @return how many grants
   */
  public int expire() {
    record Due(long orgId, long id) {}
    List<Due> due =
        database.run(connection ->
            Rows.list(
                connection,
                "select org_id, id from credit_grant where expired_nano is null"
                    + " and expires_at <= clock_timestamp() order by id limit 1000",
                row -> new Due(row.getLong("org_id"), row.getLong("id"))));
    for (Due grant : due) {
      database.run(connection -> expire(connection, grant.orgId(), grant.id()));
    }
    return due.size();
  }

  private static boolean expire(Connection connection, long orgId, long id) throws SQLException {
    BudgetRows.lock(connection);
    boolean open =
        Rows.first(
                connection,
                "select expired_nano is null from credit_grant where id = ? for no key update",
                row -> row.getBoolean(1),
                id)
            .orElse(false);
    if (!open) {
      return false;
    }
    lockWallet(connection, orgId);
    long left = Books.creditLeft(connection, orgId, id);
    if (left > 0) {
      addToWallet(connection, orgId, -left);
      Books.creditExpired(connection, orgId, id);
    }
    Rows.change(connection, "update credit_grant set expired_nano = ? where id = ?", left, id);
    AuditLog.write(
        connection,
        orgId,
        new Actor("server", "local"),
        "credit.expire",
        "credit:" + id,
        null,
        "left " + left + " nano");
    return true;
  }

  /** From then on nothing is settled that draws from it, so what is left stays what it is. */
  private static void lockWallet(Connection connection, long orgId) throws SQLException {
    Rows.call(
        connection,
        "select 1 from counter where is_wallet and org_id = ? order by id for update",
        orgId);
  }

  /** How the wallet stands; empty for an organisation that never had credit. */
  public Optional<BudgetStatus> standing(Organisation org) {
    return database.runFor(
        org.id(),
        connection -> {
          Optional<Budget> wallet = BudgetRows.wallet(connection, org.id());
          return wallet.isEmpty()
              ? Optional.empty()
              : Optional.of(Budgets.status(connection, wallet.get()));
        });
  }

  /** The credit of an organisation, the newest first. */
  public Page<CreditGrant> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection -> {
          List<CreditGrant> rows =
              Rows.list(
                  connection,
                  "select "
                      + COLUMNS
                      + " from credit_grant where org_id = ? and id < ? order by id desc limit ?",
                  Credits::read,
                  org.id(),
                  page.beforeId(),
                  page.limit() + 1);
          return page.cut(rows, grant -> Long.toString(grant.id()));
        });
  }

  private static CreditGrant read(ResultSet row) throws SQLException {
    long expired = row.getLong("expired_nano");
    return new CreditGrant(
        row.getLong("id"),
        CreditKind.of(row.getString("kind")),
        row.getLong("amount_nano"),
        Rows.instant(row, "expires_at"),
        row.wasNull() ? null : expired,
        row.getString("note"),
        Rows.time(row, "created_at"));
  }
}
