package io.yuntai.ledger.verify;

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
import java.util.Arrays;
import java.util.List;

/** Computes the signed roots again, and whether they cover entries that are in the chains. */
final class RootCheck {
  static final String NAME = "roots-recompute";
  private static final String RULE =
      "Every day's root is that of the chains' ends it covers, follows the root before, and is signed.";

  private RootCheck() {}

  static CheckResult run(Connection connection) throws SQLException {
    long rows = 0;
    long bad = 0;
    String firstBad = "";
    byte[] previous = EntryHash.none();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select day, heads, prev, root, public_key, signature from root order by day")) {
      while (row.next()) {
        rows++;
        String fault = faultOf(connection, row, previous);
        if (!fault.isEmpty()) {
          bad++;
          firstBad =
              firstBad.isEmpty()
                  ? "the root of " + row.getObject(1, LocalDate.class) + ": " + fault
                  : firstBad;
        }
        previous = row.getBytes(4);
      }
    }
    return new CheckResult(NAME, RULE, rows, bad, firstBad);
  }

  private static String faultOf(Connection connection, ResultSet row, byte[] previous)
      throws SQLException {
    LocalDate day = row.getObject(1, LocalDate.class);
    List<ChainEnd> ends = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select r.org_id, r.seq, r.hash, r.hash is not distinct from t.hash from root_head r
            left join ledger_tx t on t.org_id = r.org_id and t.seq = r.seq where r.day = ? order by r.org_id\
            """)) {
      select.setObject(1, day);
      try (ResultSet end = select.executeQuery()) {
        while (end.next()) {
          if (!end.getBoolean(4)) {
            return "entry "
                + end.getLong(2)
                + " of organisation "
                + end.getLong(1)
                + " is not what was signed";
          }
          ends.add(new ChainEnd(end.getLong(1), end.getLong(2), end.getBytes(3)));
        }
      }
    }
    if (row.getInt(2) != ends.size() || !Arrays.equals(row.getBytes(4), DailyRoot.of(ends))) {
      return "it is not the root of the ends that it covers";
    }
    if (!Arrays.equals(row.getBytes(3), previous)) {
      return "it does not follow the root before it";
    }
    byte[] message = DailyRoot.message(day, ends.size(), previous, row.getBytes(4));
    if (!SigningKey.verify(row.getBytes(5), message, row.getBytes(6))) {
      return "its signature is wrong";
    }
    return "";
  }
}
