package io.yuntai.ledger.verify;

import io.yuntai.ledger.chain.EntryHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that follow each other in the order of organisations and entries.
 *
 * @param from the entry before the first one
 * @param to the last one
 */
record Stretch(Mark from, Mark to) {
  /** Whether a row is of the stretch; {@link #bind} gives its four parameters. */
  static final String CONDITION = "(org_id, seq) > (?, ?) and (org_id, seq) <= (?, ?)";

  private static final Mark BEGIN = new Mark(Long.MIN_VALUE, 0, EntryHash.none());
  private static final Mark END = new Mark(Long.MAX_VALUE, Long.MAX_VALUE, EntryHash.none());

  /** An entry and the digest that is written in it. */
  @SuppressWarnings("ArrayRecordComponent") // within this package only, and never compared
  record Mark(long org, long seq, byte[] hash) {}

  /** Cuts the whole ledger into so many stretches of about as many entries each. */
  static List<Stretch> of(Connection connection, int parts) throws SQLException {
    List<Stretch> stretches = new ArrayList<>();
    Mark from = BEGIN;
    for (Mark cut : cuts(connection, parts)) {
      stretches.add(new Stretch(from, cut));
      from = cut;
    }
    stretches.add(new Stretch(from, END));
    return stretches;
  }

  private static List<Mark> cuts(Connection connection, int parts) throws SQLException {
    List<Mark> cuts = new ArrayList<>();
    try (PreparedStatement count = connection.prepareStatement("select count(*) from ledger_tx");
        PreparedStatement select =
            connection.prepareStatement(
                "select org_id, seq, hash from ledger_tx order by org_id, seq offset ? limit 1")) {
      long entries = number(count);
      for (int part = 1; part < parts && entries >= parts; part++) {
        select.setLong(1, entries * part / parts - 1);
        try (ResultSet row = select.executeQuery()) {
          row.next();
          cuts.add(new Mark(row.getLong(1), row.getLong(2), row.getBytes(3)));
        }
      }
    }
    return cuts;
  }

  private static long number(PreparedStatement count) throws SQLException {
    try (ResultSet row = count.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  void bind(PreparedStatement select) throws SQLException {
    select.setLong(1, from.org);
    select.setLong(2, from.seq);
    select.setLong(3, to.org);
    select.setLong(4, to.seq);
  }
}
