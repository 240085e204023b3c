package io.yuntai.ledger.budgets;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Notices budgets that reach their percentages, each once for a window, whichever server looks
 * first. Safe for use by many threads.
 */
public final class BudgetAlerts {
  private static final String SELECT =
      """
      select a.id, a.org_id, o.name as org, case when b.is_wallet then 0 else b.id end as budget_id,
        b.level, coalesce(p.name, u.email, k.public_id, '') as target_name, b.is_wallet, b.unit,
        a.percent, a.used, a.amount, a.at
      from %s a
        join org o on o.id = a.org_id
        join budget_window w on w.org_id = a.org_id and w.counter_id = a.counter_id
        join budget b on b.org_id = w.org_id and b.id = w.budget_id
        left join project p on p.org_id = b.org_id and p.id = b.project_id
        left join app_user u on u.id = b.user_id
        left join api_key k on k.org_id = b.org_id and k.id = b.key_id
      """;

  private final Transactions database;

  /** In this database. */
  public BudgetAlerts(Transactions database) {
    this.database = database;
  }

  /** Looks at the windows that run now, and says which percentages were reached since. */
  public List<BudgetAlert> look() {
    return database.run(connection ->
        Rows.list(
            connection,
            """
            with reached as (
              insert into budget_alert (org_id, counter_id, percent, used, amount)
              select w.org_id, w.counter_id, p.percent, c.used, b.amount
              from budget_window w
                join budget b on b.org_id = w.org_id and b.id = w.budget_id
                join counter k on k.id = w.counter_id
                cross join lateral (select case when k.unit = 'parallel' then k.leased else k.settled end as used) c
                cross join lateral unnest(b.alert_percents) p(percent)
              where b.deleted_at is null and w.win @> clock_timestamp() and c.used > 0
                and c.used::numeric * 100 >= b.amount::numeric * p.percent
                and not exists (select from budget_alert t
                  where t.counter_id = w.counter_id and t.percent = p.percent)
              on conflict do nothing
              returning id, org_id, counter_id, percent, used, amount, at),
            queued as (
              insert into alert_delivery (org_id, alert_id, target_id)
              select r.org_id, r.id, t.id from reached r
                join alert_target t on t.org_id = r.org_id and t.deleted_at is null)
            """
                + SELECT.formatted("reached")
                + " order by a.id",
            BudgetAlerts::read));
  }

  /** An alert, in its reader's transaction. */
  public BudgetAlert find(Connection connection, long orgId, long id) throws SQLException {
    return Rows.first(
            connection,
            SELECT.formatted("budget_alert") + " where a.org_id = ? and a.id = ?",
            BudgetAlerts::read,
            orgId,
            id)
        .orElseThrow();
  }

  /** What was noticed about an organisation's budgets, the newest first. */
  public Page<BudgetAlert> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection -> {
          List<BudgetAlert> alerts =
              Rows.list(
                  connection,
                  SELECT.formatted("budget_alert")
                      + " where a.org_id = ? and a.id < ? order by a.id desc limit ?",
                  BudgetAlerts::read,
                  org.id(),
                  page.beforeId(),
                  page.limit() + 1);
          return page.cut(alerts, alert -> Long.toString(alert.id()));
        });
  }

  private static BudgetAlert read(ResultSet row) throws SQLException {
    Level level = Level.of(row.getString("level"));
    String name = row.getString("target_name");
    return new BudgetAlert(
        row.getLong("id"),
        row.getLong("org_id"),
        row.getString("org"),
        row.getLong("budget_id"),
        row.getBoolean("is_wallet")
            ? "the tenant's credit"
            : new BudgetTarget(level, 0, name).words(),
        Unit.of(row.getString("unit")),
        row.getInt("percent"),
        row.getLong("used"),
        row.getLong("amount"),
        Rows.time(row, "at"));
  }
}
