package io.yuntai.ledger.alerts;

import io.yuntai.ledger.alerts.AlertTarget.Kind;
import io.yuntai.ledger.budgets.BudgetAlert;
import io.yuntai.ledger.budgets.BudgetAlerts;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is still to be told. Taking an errand puts off its next attempt, so that no other server
 * takes it meanwhile, and so that it comes again if this one dies. Safe for use by many threads.
 */
public final class AlertOutbox {
  /** Attempts until an errand is given up, the last one some 15 hours after the first. */
  public static final int MAX_ATTEMPTS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
  private static final int MAX_PROBLEM_CHARS = 500;

  private static final String TAKE =
      """
      with due as (
        select d.id from alert_delivery d
        where d.delivered_at is null and d.failed_at is null and d.next_at <= clock_timestamp()
        order by d.next_at limit ? for update skip locked)
      update alert_delivery d set attempts = d.attempts + 1,
        next_at = clock_timestamp() + least(?, ? * power(4, least(d.attempts, 20))) * interval '1 second'
      from due, alert_target t
      where d.id = due.id and t.org_id = d.org_id and t.id = d.target_id
      returning d.id, d.org_id, d.alert_id, d.attempts, t.id as target_id, t.kind, t.address, t.created_at,
        t.secret, t.deleted_at is not null as gone
      """;

  private final Transactions database;
  private final Pepper pepper;
  private final BudgetAlerts alerts;

  /** In this database. */
  public AlertOutbox(Transactions database, Pepper pepper) {
    this.database = database;
    this.pepper = pepper;
    this.alerts = new BudgetAlerts(database);
  }

  /** An errand as its row has it. */
  private record Taken(
      long id,
      long orgId,
      long alertId,
      int attempts,
      AlertTarget target,
      String secret,
      boolean gone) {}

  /** Takes errands that are due; each is told, and then noted with one of the two below. */
  public List<AlertErrand> take(int most) {
    return database.run(connection -> {
      List<AlertErrand> errands = new ArrayList<>();
      for (Taken taken :
          Rows.list(
              connection,
              TAKE,
              this::read,
              most,
              (double) LONGEST_PAUSE.toSeconds(),
              (double) FIRST_PAUSE.toSeconds())) {
        if (taken.gone()) {
          end(connection, taken.id(), "failed_at", "The target was removed.");
        } else {
          errands.add(
              new AlertErrand(
                  taken.id(),
                  taken.attempts(),
                  taken.target(),
                  taken.secret(),
                  alert(connection, taken)));
        }
      }
      return errands;
    });
  }

  private BudgetAlert alert(Connection connection, Taken taken) throws SQLException {
    return alerts.find(connection, taken.orgId(), taken.alertId());
  }

  private Taken read(ResultSet row) throws SQLException {
    byte[] secret = row.getBytes("secret");
    return new Taken(
        row.getLong("id"),
        row.getLong("org_id"),
        row.getLong("alert_id"),
        row.getInt("attempts"),
        target(row),
        secret == null ? "" : new String(pepper.open(secret), StandardCharsets.UTF_8),
        row.getBoolean("gone"));
  }

  private static AlertTarget target(ResultSet row) throws SQLException {
    return new AlertTarget(
        row.getLong("target_id"),
        Kind.of(row.getString("kind")),
        row.getString("address"),
        Rows.time(row, "created_at"));
  }

  private static void end(Connection connection, long id, String column, String problem)
      throws SQLException {
    Rows.change(
        connection,
        "update alert_delivery set "
            + column
            + " = clock_timestamp(), problem = ?"
            + " where id = ? and delivered_at is null and failed_at is null",
        problem,
        id);
  }

  /** It was accepted. */
  public void delivered(AlertErrand errand) {
    database.run(connection -> {
      end(connection, errand.id(), "delivered_at", "");
      return true;
    });
  }

  /**
   * It was not accepted; it comes again, unless it was tried often enough.
   *
   * @param problem a sentence
   * @return whether it was given up
   */
  public boolean failed(AlertErrand errand, String problem) {
    String shown =
        problem.length() <= MAX_PROBLEM_CHARS ? problem : problem.substring(0, MAX_PROBLEM_CHARS);
    return database.run(connection -> {
      if (errand.attempt() >= MAX_ATTEMPTS) {
        end(connection, errand.id(), "failed_at", shown);
        return true;
      }
      Rows.change(
          connection, "update alert_delivery set problem = ? where id = ?", shown, errand.id());
      return false;
    });
  }

  /** How the telling of an organisation's alerts stands, the newest first. */
  public Page<AlertDelivery> list(Organisation org, PageRequest page) {
    return database.runFor(
        org.id(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    "select d.id, d.alert_id, d.attempts, d.next_at, d.delivered_at, d.failed_at,"
                        + " d.problem, t.id as target_id, t.kind, t.address, t.created_at"
                        + " from alert_delivery d join alert_target t"
                        + " on t.org_id = d.org_id and t.id = d.target_id"
                        + " where d.org_id = ? and d.id < ? order by d.id desc limit ?",
                    AlertOutbox::delivery,
                    org.id(),
                    page.beforeId(),
                    page.limit() + 1),
                delivery -> Long.toString(delivery.id())));
  }

  private static AlertDelivery delivery(ResultSet row) throws SQLException {
    var delivered = Rows.instant(row, "delivered_at");
    var failed = Rows.instant(row, "failed_at");
    return new AlertDelivery(
        row.getLong("id"),
        row.getLong("alert_id"),
        target(row),
        row.getInt("attempts"),
        delivered == null && failed == null ? Rows.instant(row, "next_at") : null,
        delivered,
        failed,
        row.getString("problem"));
  }
}
