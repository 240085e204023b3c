package io.yuntai.ledger.verify;

import io.yuntai.ledger.bank.CounterEntry;
import io.yuntai.ledger.bank.CreditEntry;
import io.yuntai.ledger.bank.Transfer;
import io.yuntai.ledger.bank.UsageLeaf;
import io.yuntai.ledger.bank.UsageReader;
import io.yuntai.ledger.chain.EntryHash;
import io.yuntai.ledger.chain.Leaf;
import io.yuntai.ledger.chain.Merkle;
import io.yuntai.ledger.database.Rows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Computes every entry's body and hash again from the rows, and follows each organisation's chain
 * to its head. All rows stream by in one order (organisation, entry), so it takes the memory of one
 * entry however long the ledger is.
 *
 * <p>Each entry is judged by the digest that the one before it has written, so a long ledger may be
 * followed in several stretches at once.
 */
final class ChainCheck {
  static final String NAME = "chains-recompute";
  private static final String RULE =
      "Every entry's digest is that of its rows and of the entry before it, up to the chain's head.";

  private long rows;
  private long bad;
  private String firstBad = "";

  private ChainCheck() {}

  /** Checks that part of the chains. */
  static CheckResult run(Connection connection, Stretch stretch) throws SQLException {
    ChainCheck check = new ChainCheck();
    check.chains(connection, stretch);
    return check.result();
  }

  /** Checks that chains end where their heads say. */
  static CheckResult heads(Connection connection) throws SQLException {
    ChainCheck check = new ChainCheck();
    check.compareHeads(connection);
    return check.result();
  }

  private CheckResult result() {
    return new CheckResult(NAME, RULE, rows, bad, firstBad);
  }

  private void chains(Connection connection, Stretch stretch) throws SQLException {
    UsageReader reader = UsageReader.of(connection);
    try (Sealed sealed = new Sealed(connection, stretch);
        Parts usage =
            new Parts(
                connection,
                stretch,
                "select u.org_id, u.seq, "
                    + UsageReader.COLUMNS
                    + " from usage_rec u where "
                    + Stretch.CONDITION
                    + " order by u.org_id, u.seq, u.request_id",
                row -> UsageLeaf.of(reader.read(row, 2)));
        Parts transfers =
            new Parts(
                connection,
                stretch,
                "select org_id, seq, line, currency, debit, credit, amount_nano from transfer where "
                    + Stretch.CONDITION
                    + " order by org_id, seq, line",
                row ->
                    Transfer.leaf(
                        row.getInt(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7)));
        Parts counters =
            new Parts(
                connection,
                stretch,
                "select org_id, seq, counter_id, amount, late from counter_entry where "
                    + Stretch.CONDITION
                    + " order by org_id, seq, counter_id",
                row -> new CounterEntry(row.getLong(3), row.getLong(4), row.getLong(5)).leaf());
        Parts credits =
            new Parts(
                connection,
                stretch,
                "select org_id, seq, grant_id, amount_nano from credit_entry where "
                    + Stretch.CONDITION
                    + " order by org_id, seq, grant_id",
                row -> new CreditEntry(row.getLong(3), row.getLong(4)).leaf());
        PreparedStatement select =
            Rows.prepareMany(
                connection,
                "select org_id, seq, at, kind, reference, usage_rows, body_sha, prev, hash"
                    + " from ledger_tx where "
                    + Stretch.CONDITION
                    + " order by org_id, seq")) {
      stretch.bind(select);
      try (ResultSet row = select.executeQuery()) {
        follow(row, stretch.from(), sealed, usage, transfers, counters, credits);
      }
      for (Parts parts : new Parts[] {usage, transfers, counters, credits}) {
        String stray = parts.strayBefore(Long.MAX_VALUE, Long.MAX_VALUE);
        if (!stray.isEmpty()) {
          report(stray);
        }
      }
    }
  }

  private void follow(
      ResultSet row,
      Stretch.Mark before,
      Sealed sealed,
      Parts usage,
      Parts transfers,
      Parts counters,
      Parts credits)
      throws SQLException {
    long org = before.org();
    long seq = before.seq();
    byte[] previous = before.hash();
    while (row.next()) {
      rows++;
      if (row.getLong(1) != org) {
        org = row.getLong(1);
        seq = 0;
        previous = EntryHash.none();
      }
      seq++;
      if (row.getLong(2) != seq) {
        report("entry " + seq + " of organisation " + org + " is missing");
        seq = row.getLong(2);
      }
      for (Parts parts : new Parts[] {usage, transfers, counters, credits}) {
        String stray = parts.strayBefore(org, seq);
        if (!stray.isEmpty()) {
          report(stray);
        }
      }
      Merkle body = sealed.treeOf(org, seq);
      int usageRows = Math.toIntExact(body.leaves()) + usage.addTo(body, org, seq);
      transfers.addTo(body, org, seq);
      counters.addTo(body, org, seq);
      credits.addTo(body, org, seq);
      String reference = row.getString(5);
      if (reference != null) {
        body.add(new Leaf('R').put(reference.getBytes(StandardCharsets.UTF_8)).bytes());
      }
      Instant at = row.getObject(3, OffsetDateTime.class).toInstant();
      byte[] root = body.root();
      byte[] hash = EntryHash.of(previous, org, seq, at, root, row.getString(4));
      String fault = faultOf(row, usageRows, root, previous, hash);
      if (!fault.isEmpty()) {
        report("entry " + seq + " of organisation " + org + ": " + fault);
      }
      // On with what is written, so that one changed entry is reported once.
      previous = row.getBytes(9);
    }
  }

  private static String faultOf(
      ResultSet row, int usageRows, byte[] root, byte[] previous, byte[] hash) throws SQLException {
    if (row.getInt(6) != usageRows) {
      return "it says " + row.getInt(6) + " usage rows, there are " + usageRows;
    }
    if (!Arrays.equals(row.getBytes(7), root)) {
      return "its rows were changed: their root is " + hex(root);
    }
    if (!Arrays.equals(row.getBytes(8), previous)) {
      return "it does not follow the entry before it";
    }
    if (!Arrays.equals(row.getBytes(9), hash)) {
      return "its own row was changed: its digest is " + hex(hash);
    }
    return "";
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, 8) + "...";
  }

  private void compareHeads(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select o.id, h.seq, t.seq, h.hash = coalesce(t.hash, decode(repeat('00', 32), 'hex'))
                from org o left join chain_head h on h.org_id = o.id
                left join lateral (select seq, hash from ledger_tx where org_id = o.id order by seq desc limit 1) t on true
                order by o.id\
                """)) {
      while (row.next()) {
        rows++;
        if (row.getLong(2) != row.getLong(3) || !row.getBoolean(4)) {
          report(
              "the chain of organisation "
                  + row.getLong(1)
                  + " ends with entry "
                  + row.getLong(3)
                  + ", its head says "
                  + row.getLong(2));
        }
      }
    }
  }

  private void report(String what) {
    if (bad == 0) {
      firstBad = what;
    }
    bad++;
  }

  /** What of entries' usage lies in files, in the entries' order. */
  private static final class Sealed implements AutoCloseable {
    private final PreparedStatement select;
    private final ResultSet row;
    private boolean more;

    Sealed(Connection connection, Stretch stretch) throws SQLException {
      this.select =
          Rows.prepareMany(
              connection,
              "select org_id, seq, usage_rows, subtrees from seal_entry where "
                  + Stretch.CONDITION
                  + " order by org_id, seq");
      stretch.bind(select);
      this.row = select.executeQuery();
      this.more = row.next();
    }

    /** An entry's tree with the leaves that are in files; an empty one where there are none. */
    Merkle treeOf(long org, long seq) throws SQLException {
      while (more && (row.getLong(1) < org || (row.getLong(1) == org && row.getLong(2) < seq))) {
        more = row.next();
      }
      return more && row.getLong(1) == org && row.getLong(2) == seq
          ? Merkle.of(row.getLong(3), row.getBytes(4))
          : new Merkle();
    }

    @Override
    public void close() throws SQLException {
      try (select) {
        row.close();
      }
    }
  }

  /** The leaf that a row stands for. */
  @FunctionalInterface
  private interface Reader {
    byte[] leaf(ResultSet row) throws SQLException;
  }

  /** Rows that belong to entries, in the entries' order; the first columns are org_id and seq. */
  private static final class Parts implements AutoCloseable {
    private final PreparedStatement select;
    private final ResultSet row;
    private final Reader reader;
    private boolean more;

    Parts(Connection connection, Stretch stretch, String sql, Reader reader) throws SQLException {
      this.select = Rows.prepareMany(connection, sql);
      this.reader = reader;
      stretch.bind(select);
      this.row = select.executeQuery();
      this.more = row.next();
    }

    int addTo(Merkle tree, long org, long seq) throws SQLException {
      int added = 0;
      while (more && row.getLong(1) == org && row.getLong(2) == seq) {
        tree.add(reader.leaf(row));
        added++;
        more = row.next();
      }
      return added;
    }

    /** Passes rows of entries that aren't there; says what the first is. */
    String strayBefore(long org, long seq) throws SQLException {
      String first = "";
      while (more && (row.getLong(1) < org || (row.getLong(1) == org && row.getLong(2) < seq))) {
        if (first.isEmpty()) {
          first =
              "rows belong to entry "
                  + row.getLong(2)
                  + " of organisation "
                  + row.getLong(1)
                  + ", which is not there";
        }
        more = row.next();
      }
      return first;
    }

    @Override
    public void close() throws SQLException {
      try (select) {
        row.close();
      }
    }
  }
}
