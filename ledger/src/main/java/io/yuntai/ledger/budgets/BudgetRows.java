package io.yuntai.ledger.budgets;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of budgets. Each call is a step of its caller's transaction. */
final class BudgetRows {
  static final String SELECT =
      """
      select b.id, b.level, coalesce(b.project_id, b.user_id, b.key_id, 0) as target_id,
        coalesce(p.name, u.email, k.public_id, '') as target_name, b.period, b.unit, b.amount,
        b.hard, b.alert_percents, b.time_zone, b.created_at, b.version
      from budget b
        left join project p on p.org_id = b.org_id and p.id = b.project_id
        left join app_user u on u.id = b.user_id
        left join api_key k on k.org_id = b.org_id and k.id = b.key_id
      where b.org_id = ? and b.deleted_at is null
      """;

  private BudgetRows() {}

  /** Has the transaction take what budgets are changed under, always the first of all locks. */
  static void lock(Connection connection) throws SQLException {
    Rows.call(connection, "select 1 from plan_change for update");
  }

  static Budget find(Connection connection, long orgId, long id, ExpectedVersion expected)
      throws SQLException {
    Budget found =
        Rows.first(
                connection,
                SELECT + " and not b.is_wallet and b.id = ?",
                BudgetRows::read,
                orgId,
                id)
            .orElseThrow(() -> RefusedException.notFound("budget", Long.toString(id)));
    expected.check(found.version());
    return found;
  }

  static Optional<Budget> find(
      Connection connection, long orgId, BudgetTarget target, Period period, Unit unit)
      throws SQLException {
    return Rows.first(
        connection,
        SELECT
            + " and not b.is_wallet and b.level = ? and b.period = ? and b.unit = ?"
            + " and coalesce(b.project_id, b.user_id, b.key_id, 0) = ?",
        BudgetRows::read,
        orgId,
        target.level().label(),
        period.label(),
        unit.label(),
        target.id());
  }

  static Optional<Budget> wallet(Connection connection, long orgId) throws SQLException {
    return Rows.first(connection, SELECT + " and b.is_wallet", BudgetRows::read, orgId);
  }

  /** Makes a budget; its id. */
  static long insert(
      Connection connection,
      long orgId,
      BudgetTarget target,
      BudgetTerms terms,
      ZoneId zone,
      boolean wallet)
      throws SQLException {
    return Rows.first(
            connection,
            "insert into budget (org_id, level, project_id, user_id, key_id, is_wallet, period,"
                + " unit, amount, hard, alert_percents, time_zone)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::smallint[], ?) returning id",
            row -> row.getLong(1),
            orgId,
            target.level().label(),
            target.level() == Level.PROJECT ? target.id() : null,
            target.level() == Level.USER ? target.id() : null,
            target.level() == Level.KEY ? target.id() : null,
            wallet,
            terms.period().label(),
            terms.unit().label(),
            terms.amount(),
            terms.hard(),
            percents(terms),
            zone.getId())
        .orElseThrow();
  }

  static void update(Connection connection, long orgId, Budget budget) throws SQLException {
    BudgetTerms terms = budget.terms();
    Rows.change(
        connection,
        "update budget set amount = ?, hard = ?, alert_percents = ?::smallint[], version = ?"
            + " where org_id = ? and id = ?",
        terms.amount(),
        terms.hard(),
        percents(terms),
        budget.version(),
        orgId,
        budget.id());
  }

  private static List<String> percents(BudgetTerms terms) {
    return terms.alertPercents().stream().map(String::valueOf).toList();
  }

  static Budget read(ResultSet row) throws SQLException {
    BudgetTerms terms =
        new BudgetTerms(
            Unit.of(row.getString("unit")),
            Period.of(row.getString("period")),
            row.getLong("amount"),
            row.getBoolean("hard"),
            percents(row));
    BudgetTarget target =
        new BudgetTarget(
            Level.of(row.getString("level")),
            row.getLong("target_id"),
            row.getString("target_name"));
    return new Budget(
        row.getLong("id"),
        target,
        terms,
        ZoneId.of(row.getString("time_zone")),
        Rows.time(row, "created_at"),
        row.getLong("version"));
  }

  private static List<Integer> percents(ResultSet row) throws SQLException {
    Array array = row.getArray("alert_percents");
    List<Integer> percents = new ArrayList<>();
    for (Object percent : (Object[]) array.getArray()) {
      percents.add(((Number) percent).intValue());
    }
    return percents;
  }
}
