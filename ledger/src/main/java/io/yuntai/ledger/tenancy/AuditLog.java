package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Who did what from where. Rows are only ever added: the database refuses everything else. */
public final class AuditLog {
  private static final int MAX_DETAIL = 10_000;

  /** An address may have 254 characters. */
  private static final int MAX_TARGET = 200;

  private final Transactions database;

  AuditLog(Transactions database) {
    this.database = database;
  }

  /**
   * Writes a change down, in the transaction that makes it.
   *
   * @param target what is changed, such as {@code key:4f9a...}
   * @param before the value before, whose text holds no secret; null for none
   * @param after the value after; null for none
   */
  public static void write(
      Connection connection,
      long orgId,
      Actor actor,
      String action,
      String target,
      @Nullable Object before,
      @Nullable Object after)
      throws SQLException {
    String detail = after == null ? "" : after.toString();
    Rows.change(
        connection,
        "insert into audit_event (org_id, actor, origin, action, target, detail, before_sha, after_sha)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?)",
        orgId,
        actor.name(),
        actor.origin(),
        action,
        cut(target, MAX_TARGET),
        cut(detail, MAX_DETAIL),
        digest(before),
        digest(after));
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  private static byte @Nullable [] digest(@Nullable Object value) {
    return value == null ? null : Sha256.of(value.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What happened to an organisation and what is its, the newest first. */
  public Page<AuditEvent> of(long orgId, PageRequest page) {
    return database.runFor(
        orgId,
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    SELECT + " where e.org_id = ? and e.id < ? order by e.id desc limit ?",
                    AuditLog::read,
                    orgId,
                    page.beforeId(),
                    page.limit() + 1),
                event -> Long.toString(event.id())));
  }

  /** What happened to all organisations, the newest first. */
  public Page<AuditEvent> all(PageRequest page) {
    return database.run(connection ->
        page.cut(
            Rows.list(
                connection,
                SELECT + " where e.id < ? order by e.id desc limit ?",
                AuditLog::read,
                page.beforeId(),
                page.limit() + 1),
            event -> Long.toString(event.id())));
  }

  private static final String SELECT =
      "select e.id, e.at, o.name, e.actor, e.origin, e.action, e.target, e.detail,"
          + " coalesce(e.before_sha, '') as before_sha, coalesce(e.after_sha, '') as after_sha"
          + " from audit_event e join org o on o.id = e.org_id";

  private static AuditEvent read(ResultSet row) throws SQLException {
    HexFormat hex = HexFormat.of();
    return new AuditEvent(
        row.getLong("id"),
        Rows.time(row, "at"),
        row.getString("name"),
        row.getString("actor"),
        row.getString("origin"),
        row.getString("action"),
        row.getString("target"),
        row.getString("detail"),
        hex.formatHex(row.getBytes("before_sha")),
        hex.formatHex(row.getBytes("after_sha")));
  }
}
