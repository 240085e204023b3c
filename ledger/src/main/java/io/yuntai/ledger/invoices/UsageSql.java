package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What invoices are made of, as statements on a connection. */
final class UsageSql {
  private static final int FETCHED_AT_ONCE = 5_000;

  private UsageSql() {}

  static long headSeq(Connection connection, long orgId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select seq from chain_head where org_id = ?")) {
      select.setLong(1, orgId);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** Gives each request of a range, by id, while they come from the database. */
  static void usage(
      Connection connection, long orgId, Terms.UsageRange range, Consumer<UsageRecord> each)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select u.request_id, u.project_id, u.user_id, u.key_id, u.at, n.name, u.card_id, u.class, u.input,"
                + " u.cache_hit, u.cache_write, u.output, u.reasoning, u.amount_nano, u.residue_pico, u.status"
                + " from usage_rec u join ledger_name n on n.id = u.model_id"
                + " where u.org_id = ? and u.seq <= ? and u.at < ? and (u.seq > ? or u.at >= ?)"
                + " order by u.request_id")) {
      select.setFetchSize(FETCHED_AT_ONCE);
      select.setLong(1, orgId);
      select.setLong(2, range.seq());
      select.setObject(3, InvoiceSql.time(range.until()));
      select.setLong(4, range.previousSeq());
      select.setObject(5, InvoiceSql.time(range.previousUntil()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          each.accept(usage(orgId, row));
        }
      }
    }
  }

  private static UsageRecord usage(long orgId, ResultSet row) throws SQLException {
    return new UsageRecord(
        row.getObject(1, UUID.class),
        orgId,
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getObject(5, OffsetDateTime.class).toInstant(),
        row.getString(6),
        row.getLong(7),
        ServiceClass.ofCode(row.getInt(8)),
        new MeteredTokens(
            row.getInt(9), row.getInt(10), row.getInt(11), row.getInt(12), row.getInt(13)),
        row.getLong(14),
        row.getInt(15),
        UsageStatus.of(row.getInt(16)),
        List.of());
  }

  /** What credit paid of an organisation's usage up to an entry, in nano. */
  static BigInteger creditUsed(Connection connection, long orgId, long seq) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select coalesce(sum(c.amount_nano), 0) from credit_entry c"
                + " join ledger_tx t on t.org_id = c.org_id and t.seq = c.seq"
                + " where c.org_id = ? and c.seq <= ? and t.kind = 'usage'")) {
      select.setLong(1, orgId);
      select.setLong(2, seq);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBigDecimal(1).toBigIntegerExact();
      }
    }
  }

  /** What of an organisation's usage up to an entry nobody is charged for, in nano. */
  static BigInteger lost(Connection connection, long orgId, long seq) throws SQLException {
    return Rows.first(
            connection,
            "select coalesce(sum(f.amount_nano), 0) from transfer f"
                + " join ledger_tx t on t.org_id = f.org_id and t.seq = f.seq"
                + " where f.org_id = ? and f.seq <= ? and f.debit = 'loss' and t.kind = 'usage'",
            row -> row.getBigDecimal(1).toBigIntegerExact(),
            orgId,
            seq)
        .orElseThrow();
  }
}
