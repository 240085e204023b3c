package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.DailyRoot;
import io.yuntai.ledger.chain.DailyRoot.ChainEnd;
import io.yuntai.ledger.chain.EntryHash;
import io.yuntai.ledger.chain.SigningKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Signs each day's root over the ends of all chains. Safe for use by many threads and servers. */
public final class Roots {
  /** Any number, the same in all servers: one of them signs. */
  private static final long SIGNING_LOCK = 4_120_986_755_218_803_719L;

  private final Transactions transactions;
  private final SigningKey key;

  /** Signs with this key. */
  public Roots(DataSource database, BankOptions options, SigningKey key) {
    this.transactions = new Transactions(database, options.statementTimeout());
    this.key = key;
  }

  /**
   * Signs the root of the day before today in UTC, unless it is signed already. It covers the
   * chains that have grown since the root before, up to now.
   *
   * @return whether it was signed now
   */
  public boolean signYesterday() {
    return transactions.runOrFail(
        "sign the day's root",
        connection -> {
          LocalDate day = yesterday(connection);
          return !isSigned(connection, day) && sign(connection, day);
        });
  }

  private static LocalDate yesterday(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery("select (clock_timestamp() at time zone 'UTC')::date - 1")) {
      row.next();
      return row.getObject(1, LocalDate.class);
    }
  }

  private static boolean isSigned(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select 1 from root where day >= ?")) {
      select.setObject(1, day);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Signs the root of a day now. */
  boolean sign(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
      lock.setLong(1, SIGNING_LOCK);
      lock.executeQuery().close();
    }
    if (isSigned(connection, day)) {
      return false;
    }
    List<ChainEnd> ends = grownSinceLastRoot(connection);
    byte[] previous = lastRoot(connection);
    byte[] root = DailyRoot.of(ends);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into root (day, heads, prev, root, public_key, signature)"
                + " values (?, ?, ?, ?, ?, ?)")) {
      insert.setObject(1, day);
      insert.setInt(2, ends.size());
      insert.setBytes(3, previous);
      insert.setBytes(4, root);
      insert.setBytes(5, key.publicKey());
      insert.setBytes(6, key.sign(DailyRoot.message(day, ends.size(), previous, root)));
      insert.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into root_head (day, org_id, seq, hash) values (?, ?, ?, ?)")) {
      for (ChainEnd end : ends) {
        insert.setObject(1, day);
        insert.setLong(2, end.orgId());
        insert.setLong(3, end.seq());
        insert.setBytes(4, end.hash());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return true;
  }

  private static List<ChainEnd> grownSinceLastRoot(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                """
                select h.org_id, h.seq, h.hash from chain_head h
                where h.seq > coalesce((select r.seq from root_head r where r.org_id = h.org_id order by r.day desc limit 1), 0)
                order by h.org_id\
                """)) {
      List<ChainEnd> ends = new ArrayList<>();
      while (row.next()) {
        ends.add(new ChainEnd(row.getLong(1), row.getLong(2), row.getBytes(3)));
      }
      return ends;
    }
  }

  private static byte[] lastRoot(Connection connection) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("select root from root order by day desc limit 1")) {
      return row.next() ? row.getBytes(1) : EntryHash.none();
    }
  }
}
