package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageReader;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.database.Awaited;
import io.yuntai.ledger.database.Rows;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** What invoices are made of, as statements on a connection. */
final class UsageSql {
  private static final int PIECE = 1_000;

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

  /**
   * Gives each request of a range, by id. While it is busy with some the next ones are read, so it
   * may ask this connection for something else, and no more than that.
   */
  static void usage(
      Connection connection, long orgId, Terms.UsageRange range, Consumer<UsageRecord> each)
      throws SQLException {
    UsageReader usage = UsageReader.of(connection);
    try (PreparedStatement select =
        Rows.prepareMany(
            connection,
            "select "
                + UsageReader.COLUMNS
                + " from usage_rec u where u.org_id = ? and u.seq <= ? and u.at < ? and (u.seq > ? or u.at >= ?)"
                + " order by u.request_id")) {
      select.setLong(1, orgId);
      select.setLong(2, range.seq());
      select.setObject(3, InvoiceSql.time(range.until()));
      select.setLong(4, range.previousSeq());
      select.setObject(5, InvoiceSql.time(range.previousUntil()));
      try (ResultSet row = select.executeQuery();
          ExecutorService reader =
              // It computes for long, and requests run on the virtual ones.
              Executors.newThreadPerTaskExecutor(
                  Thread.ofPlatform().daemon().name("usage-reader").factory())) {
        Future<List<UsageRecord>> next = reader.submit(() -> piece(usage, row));
        for (List<UsageRecord> piece = Awaited.result(next);
            !piece.isEmpty();
            piece = Awaited.result(next)) {
          next = reader.submit(() -> piece(usage, row));
          piece.forEach(each);
        }
      }
    }
  }

  private static List<UsageRecord> piece(UsageReader usage, ResultSet row) throws SQLException {
    List<UsageRecord> piece = new ArrayList<>(PIECE);
    while (piece.size() < PIECE && row.next()) {
      piece.add(usage.read(row, 0));
    }
    return piece;
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
