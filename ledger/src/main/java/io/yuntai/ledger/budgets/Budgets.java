package io.yuntai.ledger.budgets;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The budgets of organisations, by which they limit themselves. Safe for use by many threads. */
public final class Budgets {
  private final Transactions database;

  /** In this database. */
  public Budgets(Transactions database) {
    this.database = database;
  }

  /**
   * Sets a budget: a target has one for each period and unit, so this makes it or changes it. What
   * was used in the running window counts on. Where more is used than is allowed now, nothing is
   * taken back, and nothing further is let in.
   *
   * @throws RefusedException when it can't be accepted, such as one more than requests may draw
   *     from
   */
  public Budget set(
      Actor actor,
      Organisation org,
      BudgetTarget target,
      BudgetTerms terms,
      ExpectedVersion expected) {
    return database.runFor(
        org.id(),
        connection -> {
          BudgetRows.lock(connection);
          Optional<Budget> before =
              BudgetRows.find(connection, org.id(), target, terms.period(), terms.unit());
          expected.check(before.map(Budget::version).orElse(0L));
          Budget after =
              before.isPresent()
                  ? change(connection, org, before.get(), terms)
                  : insert(connection, org, target, terms);
          Rows.call(connection, "select plans_changed(?)", org.id());
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "budget.set",
              "budget:" + after.id(),
              before.orElse(null),
              after);
          return after;
        });
  }

  private static Budget insert(
      Connection connection, Organisation org, BudgetTarget target, BudgetTerms terms)
      throws SQLException {
    long id = BudgetRows.insert(connection, org.id(), target, terms, org.timeZone(), false);
    requireRoom(connection, org);
    return BudgetRows.find(connection, org.id(), id, ExpectedVersion.ANY);
  }

  /** No key may come to draw from more counters than a request can have, its wallet included. */
  private static void requireRoom(Connection connection, Organisation org) throws SQLException {
    long most =
        Rows.first(
                connection,
                """
                select coalesce(sum(n), 0) from (
                  select max(n) as n from (
                    select level, count(*) as n from budget
                    where org_id = ? and deleted_at is null and not is_wallet
                    group by level, coalesce(project_id, user_id, key_id, 0)) of_target
                  group by level) of_level\
                """,
                row -> row.getLong(1),
                org.id())
            .orElse(0L);
    if (most > RequestPlan.MAX_COUNTERS - 1) {
      throw new RefusedException(
          Reason.CONFLICT,
          "",
          "A request can draw from at most %d budgets of its tenant, project, user and key together; this one would be one more."
              .formatted(RequestPlan.MAX_COUNTERS - 1));
    }
  }

  private Budget change(Connection connection, Organisation org, Budget before, BudgetTerms terms)
      throws SQLException {
    Budget after =
        new Budget(
            before.id(),
            before.target(),
            terms,
            before.zone(),
            before.created(),
            before.version() + 1);
    BudgetRows.update(connection, org.id(), after);
    // Counters are the bank's: no tenant writes them.
    database.run(operator -> {
      BudgetWindows.limit(operator, after.id(), terms);
      return after;
    });
    return after;
  }

  /**
   * Ends a budget: it limits nothing from now on.
   *
   * @throws RefusedException when the organisation has none of this number
   */
  public void remove(Actor actor, Organisation org, long id, ExpectedVersion expected) {
    database.runFor(
        org.id(),
        connection -> {
          BudgetRows.lock(connection);
          Budget before = BudgetRows.find(connection, org.id(), id, expected);
          Rows.change(
              connection,
              "update budget set deleted_at = clock_timestamp(), version = version + 1"
                  + " where org_id = ? and id = ?",
              org.id(),
              id);
          Rows.call(connection, "select plans_changed(?)", org.id());
          AuditLog.write(
              connection, org.id(), actor, "budget.remove", "budget:" + id, before, null);
          return true;
        });
  }

  /**
   * A budget and how it stands.
   *
   * @throws RefusedException when the organisation has none of this number
   */
  public BudgetStatus find(Organisation org, long id) {
    return database.runFor(
        org.id(),
        connection ->
            status(connection, BudgetRows.find(connection, org.id(), id, ExpectedVersion.ANY)));
  }

  /** The budgets of an organisation, the oldest first, and how they stand. */
  public Page<BudgetStatus> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection -> {
          Page<Budget> budgets =
              page.cut(
                  Rows.list(
                      connection,
                      BudgetRows.SELECT + " and not b.is_wallet and b.id > ? order by b.id limit ?",
                      BudgetRows::read,
                      org.id(),
                      page.afterId(),
                      page.limit() + 1),
                  budget -> Long.toString(budget.id()));
          List<BudgetStatus> standing = new ArrayList<>();
          for (Budget budget : budgets.items()) {
            standing.add(status(connection, budget));
          }
          return new Page<>(standing, budgets.next());
        });
  }

  static BudgetStatus status(Connection connection, Budget budget) throws SQLException {
    Instant now =
        Rows.first(connection, "select clock_timestamp() as now", row -> Rows.time(row, "now"))
            .orElseThrow();
    record Standing(Window window, long used, long reserved) {}
    Standing standing =
        Rows.first(
                connection,
                "select lower(w.win) as f, upper(w.win) as t, k.settled, k.leased"
                    + " from budget_window w join counter k on k.id = w.counter_id"
                    + " where w.budget_id = ? and w.win @> ?::timestamptz",
                row -> new Standing(window(row), row.getLong("settled"), row.getLong("leased")),
                budget.id(),
                now)
            .orElseGet(
                () -> new Standing(budget.terms().period().containing(now, budget.zone()), 0, 0));
    return new BudgetStatus(budget, standing.window(), standing.used(), standing.reserved());
  }

  private static Window window(ResultSet row) throws SQLException {
    Instant from = Rows.instant(row, "f");
    Instant to = Rows.instant(row, "t");
    return new Window(from == null ? Instant.MIN : from, to == null ? Instant.MAX : to);
  }
}
