package io.yuntai.ledger.budgets;

import io.yuntai.ledger.bank.Counters;
import io.yuntai.ledger.database.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The windows of budgets that requests have met, each with a counter of the bank's. Each call is a
 * step of its caller's transaction.
 */
final class BudgetWindows {
  /** The limit of a budget that is only told of: more than anybody can use. */
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  private BudgetWindows() {}

  /**
   * A window with its counter.
   *
   * @param to {@link Instant#MAX} for ever
   */
  record Opened(long counterId, Instant to) {}

  /** The counter that a budget's window at an instant has, if some request has met it. */
  static Optional<Opened> find(Connection connection, long budgetId, Instant at)
      throws SQLException {
    return Rows.first(
        connection,
        "select counter_id, upper(win) as window_end from budget_window"
            + " where budget_id = ? and win @> ?::timestamptz",
        BudgetWindows::read,
        budgetId,
        at);
  }

  /** The same; the counter is made where there is none. */
  static Opened open(Connection connection, long orgId, Budget budget, boolean wallet, Instant at)
      throws SQLException {
    Optional<Opened> found = find(connection, budget.id(), at);
    if (found.isPresent()) {
      return found.get();
    }
    // One at a time for each budget, and perhaps somebody was quicker.
    Rows.call(connection, "select 1 from budget where id = ? for no key update", budget.id());
    found = find(connection, budget.id(), at);
    if (found.isPresent()) {
      return found.get();
    }
    Window window = budget.terms().period().containing(at, budget.zone());
    long counter =
        Counters.open(
            connection,
            orgId,
            budget.terms().unit().label(),
            wallet,
            finite(window.from()),
            finite(window.to()),
            limit(budget.terms()));
    Rows.change(
        connection,
        "insert into budget_window (counter_id, org_id, budget_id, win)"
            + " select id, org_id, ?, win from counter where id = ?",
        budget.id(),
        counter);
    return new Opened(counter, window.to());
  }

  private static @Nullable Instant finite(Instant time) {
    return time.equals(Instant.MIN) || time.equals(Instant.MAX) ? null : time;
  }

  private static long limit(BudgetTerms terms) {
    return terms.hard() ? terms.amount() : NO_LIMIT;
  }

  /**
   * Sets the limits of a budget's windows that aren't over. Where more is used than is wanted, the
   * limit is what is used, and what gateways have set aside is called back.
   */
  static void limit(Connection connection, long budgetId, BudgetTerms terms) throws SQLException {
    List<Long> counters =
        Rows.list(
            connection,
            "select counter_id from budget_window where budget_id = ?"
                + " and (upper_inf(win) or upper(win) > clock_timestamp()) order by counter_id",
            row -> row.getLong(1),
            budgetId);
    for (long counter : counters) {
      Counters.limit(connection, counter, limit(terms));
    }
  }

  private static Opened read(ResultSet row) throws SQLException {
    Instant end = Rows.instant(row, "window_end");
    return new Opened(row.getLong("counter_id"), end == null ? Instant.MAX : end);
  }
}
