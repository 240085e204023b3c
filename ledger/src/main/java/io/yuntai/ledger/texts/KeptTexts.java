package io.yuntai.ledger.texts;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of texts. Safe for use by many threads. */
public final class KeptTexts {
  private static final int DELETED_AT_ONCE = 1_000;

  /** What is younger than its tenant wants it kept; of the table under the name {@code t}. */
  private static final String YOUNG =
      "t.at >= now() - make_interval(days =>"
          + " coalesce((select k.days::int from text_keeping k where k.org_id = t.org_id), 0))";

  private final Transactions database;

  /** Of this database. */
  public KeptTexts(Transactions database) {
    this.database = database;
  }

  /** What a tenant has set; {@link TextKeeping#NONE} where it has set nothing. */
  public TextKeeping keeping(Organisation org) {
    return database.runFor(org.id(), connection -> keeping(connection, org.id(), ""));
  }

  /** The numbers of all organisations whose texts are kept. */
  public Set<Long> keeping() {
    return database.run(connection ->
        Rows.list(
                connection,
                "select org_id from text_keeping where days > 0",
                row -> row.getLong("org_id"))
            .stream()
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Changes for how long a tenant's texts are kept. What is older than that is deleted at once.
   *
   * @param days 0 to {@link TextKeeping#MAX_DAYS}
   * @throws RefusedException for another number, or when it was changed in between
   */
  public TextKeeping keep(Actor actor, Organisation org, int days, ExpectedVersion expected) {
    if (days < 0 || days > TextKeeping.MAX_DAYS) {
      throw RefusedException.invalid(
          "days", "Texts are kept for 0 to %d days.".formatted(TextKeeping.MAX_DAYS));
    }
    return database.runFor(
        org.id(),
        connection -> {
          TextKeeping before = keeping(connection, org.id(), " for update");
          if (before.version() > 0) {
            expected.check(before.version());
          }
          TextKeeping after = new TextKeeping(days, before.version() + 1);
          Rows.change(
              connection,
              "insert into text_keeping (org_id, days, version) values (?, ?, ?)"
                  + " on conflict (org_id) do update set days = excluded.days,"
                  + " version = excluded.version",
              org.id(),
              days,
              after.version());
          int deleted =
              Rows.change(
                  connection,
                  "delete from kept_text where org_id = ?"
                      + " and at < now() - make_interval(days => ?)",
                  org.id(),
                  days);
          AuditLog.write(
              connection,
              org.id(),
              actor,
              "texts.change",
              "tenant:" + org.name(),
              before,
              after + ", " + deleted + " deleted");
          return after;
        });
  }

  private static TextKeeping keeping(Connection connection, long orgId, String lock)
      throws SQLException {
    return Rows.first(
            connection,
            "select days, version from text_keeping where org_id = ?" + lock,
            row -> new TextKeeping(row.getInt("days"), row.getLong("version")),
            orgId)
        .orElse(TextKeeping.NONE);
  }

  /**
   * Writes texts; those of tenants that don't want them any more are left out.
   *
   * @throws io.yuntai.ledger.database.DatabaseException when nothing was written
   */
  public void write(List<KeptText> texts) {
    database.run(connection -> {
      try (PreparedStatement row =
          connection.prepareStatement(
              "insert into kept_text (request_id, org_id, user_id, at, operation, continued,"
                  + " asked, answered) select ?, k.org_id, ?, ?, ?, ?, ?, ? from text_keeping k"
                  + " where k.org_id = ? and k.days > 0 on conflict (request_id) do nothing")) {
        for (KeptText text : texts) {
          row.setString(1, text.requestId());
          row.setLong(2, text.userId());
          row.setObject(3, text.at().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
          row.setString(4, text.operation());
          row.setBoolean(5, text.continued());
          row.setString(6, text.asked());
          row.setString(7, text.answered());
          row.setLong(8, text.orgId());
          row.addBatch();
        }
        return row.executeBatch().length;
      }
    });
  }

  /**
   * The texts of a tenant's request, as long as they are kept.
   *
   * @param userId who looks, 0 for a key: what another person asked is not there
   */
  public Optional<KeptText> find(Organisation org, long userId, String requestId) {
    return database.runFor(
        org.id(),
        connection ->
            Rows.first(
                connection,
                "select t.* from kept_text t where t.org_id = ? and t.request_id = ?"
                    + " and t.user_id in (0, ?) and "
                    + YOUNG,
                KeptTexts::read,
                org.id(),
                requestId,
                userId));
  }

  /**
   * Deletes what is older than its tenant wants it kept, some at a time.
   *
   * @return how many
   */
  public long deleteOld() {
    long deleted = 0;
    int some;
    do {
      some =
          database.run(connection ->
              Rows.change(
                  connection,
                  "delete from kept_text where request_id in (select t.request_id from kept_text t"
                      + " where not ("
                      + YOUNG
                      + ") limit ?)",
                  DELETED_AT_ONCE));
      deleted += some;
    } while (some == DELETED_AT_ONCE && !Thread.currentThread().isInterrupted());
    return deleted;
  }

  private static KeptText read(ResultSet row) throws SQLException {
    return new KeptText(
        row.getString("request_id"),
        row.getLong("org_id"),
        row.getLong("user_id"),
        Rows.time(row, "at"),
        row.getString("operation"),
        row.getBoolean("continued"),
        row.getString("asked"),
        row.getString("answered"));
  }
}
