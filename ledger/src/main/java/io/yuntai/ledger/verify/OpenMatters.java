package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger keeps until somebody has looked at it.
 *
 * @param quarantined records that could not be written, by reason
 * @param differences between witnesses that are open, by kind
 * @param nearBudgets budgets and credit of running windows that are used to 80 % or more, the
 *     nearest to its end first
 * @param undelivered alerts that nobody could be told, by target
 */
public record OpenMatters(
    List<Matter> quarantined,
    List<Matter> differences,
    List<NearBudget> nearBudgets,
    List<Matter> undelivered) {
  /** Longest list of each. */
  public static final int MOST = 50;

  /** Copies the lists. */
  public OpenMatters {
    quarantined = List.copyOf(quarantined);
    differences = List.copyOf(differences);
    nearBudgets = List.copyOf(nearBudgets);
    undelivered = List.copyOf(undelivered);
  }

  /** Things of a kind that are open. */
  public record Matter(String tenant, String what, long count, Instant since, String detail) {}

  /**
   * A budget that is nearly used up.
   *
   * @param budget its number; 0 for the tenant's credit
   * @param of whose: a project's name, a person's address or a key's id; empty for the tenant
   * @param currency of the tenant, for amounts of money
   * @param amount how much there is; nano of money, tokens, requests
   * @param until when its window ends; null for never
   */
  public record NearBudget(
      String tenant,
      long budget,
      String level,
      String of,
      String unit,
      String period,
      boolean hard,
      String currency,
      long amount,
      long used,
      Instant since,
      @Nullable Instant until) {
    /** What is used of it. */
    public double percent() {
      return amount == 0 ? 100 : used * 100.0 / amount;
    }
  }

  /**
   * As it stands now.
   *
   * @param orgId whose; 0 for everybody's
   */
  public static OpenMatters read(Transactions database, long orgId) {
    return database.run(connection ->
        new OpenMatters(
            Rows.list(
                connection,
                """
                select coalesce(o.name, '') as tenant, q.reason as what, count(*) as count, min(q.at) as since,
                  min(q.request_id::text) as detail
                from quarantine q left join org o on o.id = q.org_id
                where q.resolved_at is null and (? = 0 or q.org_id = ?)
                group by 1, 2 order by since limit ?\
                """,
                OpenMatters::matter,
                orgId,
                orgId,
                MOST),
            Rows.list(
                connection,
                """
                select o.name as tenant, r.kind as what, count(*) as count, min(r.first_seen_at) as since,
                  min(r.subject || ': ' || r.ours || ' / ' || r.theirs) as detail
                from recon r join org o on o.id = r.org_id
                where r.resolved_at is null and (? = 0 or r.org_id = ?)
                group by 1, 2 order by since limit ?\
                """,
                OpenMatters::matter,
                orgId,
                orgId,
                MOST),
            Rows.list(
                connection,
                """
                select o.name as tenant, case when b.is_wallet then 0 else b.id end as budget, b.level,
                  coalesce(p.name, u.email, y.public_id, '') as of, b.unit, b.period, b.hard, o.currency,
                  b.amount, k.settled as used, upper(w.win) as until,
                  coalesce((select min(a.at) from budget_alert a where a.counter_id = w.counter_id),
                    clock_timestamp()) as since
                from budget_window w
                  join budget b on b.org_id = w.org_id and b.id = w.budget_id
                  join org o on o.id = w.org_id
                  join counter k on k.id = w.counter_id
                  left join project p on p.org_id = b.org_id and p.id = b.project_id
                  left join app_user u on u.id = b.user_id
                  left join api_key y on y.org_id = b.org_id and y.id = b.key_id
                where b.deleted_at is null and w.win @> clock_timestamp() and b.unit <> 'parallel'
                  and b.period not in ('minute', 'hour') and b.amount > 0
                  and k.settled::numeric * 100 >= b.amount::numeric * 80
                  and y.revoked_at is null and (? = 0 or w.org_id = ?)
                order by k.settled::numeric / b.amount desc limit ?\
                """,
                OpenMatters::budget,
                orgId,
                orgId,
                MOST),
            Rows.list(
                connection,
                """
                select o.name as tenant, t.kind || ' ' || t.address as what, count(*) as count,
                  min(a.at) as since, max(d.problem) as detail
                from alert_delivery d
                  join alert_target t on t.org_id = d.org_id and t.id = d.target_id
                  join budget_alert a on a.org_id = d.org_id and a.id = d.alert_id
                  join org o on o.id = d.org_id
                where d.delivered_at is null and t.deleted_at is null
                  and (d.failed_at is not null or d.attempts >= 2) and (? = 0 or d.org_id = ?)
                group by 1, 2 order by since limit ?\
                """,
                OpenMatters::matter,
                orgId,
                orgId,
                MOST)));
  }

  private static Matter matter(ResultSet row) throws SQLException {
    return new Matter(
        row.getString("tenant"),
        row.getString("what"),
        row.getLong("count"),
        Rows.time(row, "since"),
        String.valueOf(row.getString("detail")));
  }

  private static NearBudget budget(ResultSet row) throws SQLException {
    return new NearBudget(
        row.getString("tenant"),
        row.getLong("budget"),
        row.getString("level"),
        row.getString("of"),
        row.getString("unit"),
        row.getString("period"),
        row.getBoolean("hard"),
        row.getString("currency"),
        row.getLong("amount"),
        row.getLong("used"),
        Rows.time(row, "since"),
        Rows.instant(row, "until"));
  }
}
