package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.EntryHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Locks the ends of chains and appends entries to them. */
final class Chains {
  private static final String APPEND =
      """
      insert into ledger_tx (org_id, seq, at, kind, reference, usage_rows, body_sha, prev, hash)
      select * from unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[], ?::text[], ?::int[], ?::bytea[], ?::bytea[], ?::bytea[]);
      insert into transfer (org_id, seq, line, currency, debit, credit, amount_nano)
      select * from unnest(?::bigint[], ?::bigint[], ?::smallint[], ?::text[], ?::text[], ?::text[], ?::bigint[]);
      insert into counter_entry (org_id, seq, counter_id, amount, late)
      select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]);
      insert into credit_entry (org_id, seq, grant_id, amount_nano)
      select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]);
      update chain_head h set seq = t.seq, at = t.at, hash = t.hash
      from unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::bytea[]) as t(org_id, seq, at, hash) where h.org_id = t.org_id\
      """;

  private final BankSql sql;

  Chains(BankSql sql) {
    this.sql = sql;
  }

  /**
   * Locks the chains of these organisations, in their order; those that aren't there are missing.
   */
  Map<Long, Head> lock(Connection connection, Collection<Long> orgIds) throws SQLException {
    Map<Long, Head> heads = new TreeMap<>();
    try (PreparedStatement lock = connection.prepareStatement(sql.lockHeads())) {
      lock.setObject(1, orgIds.stream().mapToLong(Long::longValue).distinct().toArray());
      try (ResultSet row = lock.executeQuery()) {
        while (row.next()) {
          Instant now = row.getObject(4, OffsetDateTime.class).toInstant();
          heads.put(
              row.getLong(1),
              new Head(
                  row.getLong(1),
                  row.getLong(2),
                  row.getBytes(3),
                  now,
                  row.getString(5),
                  row.getString(6).equals("prepaid")));
        }
      }
    }
    return heads;
  }

  /** Appends entries, one for each organisation at most, whose chains are locked. */
  void append(Connection connection, Map<Long, Head> heads, List<EntryDraft> drafts)
      throws SQLException {
    Columns entries = new Columns();
    Columns transfers = new Columns();
    Columns counters = new Columns();
    Columns credits = new Columns();
    for (EntryDraft draft : drafts) {
      Head head = heads.get(draft.orgId());
      if (head == null) {
        throw new IllegalStateException("no chain of organisation " + draft.orgId() + " is locked");
      }
      long org = head.orgId();
      long seq = head.next();
      byte[] body = draft.bodySha(head.currency());
      byte[] hash = EntryHash.of(head.hash(), org, seq, head.now(), body, draft.kind());
      entries.add(
          org,
          seq,
          head.now().atOffset(ZoneOffset.UTC).toString(),
          draft.kind(),
          draft.reference(),
          draft.usage().size(),
          body,
          head.hash(),
          hash);
      for (int i = 0; i < draft.transfers().size(); i++) {
        Transfer transfer = draft.transfers().get(i);
        transfers.add(
            org,
            seq,
            i + 1,
            head.currency(),
            transfer.debit().text(),
            transfer.credit().text(),
            transfer.amountNano());
      }
      draft.counters().forEach(c -> counters.add(org, seq, c.counterId(), c.amount(), c.late()));
      draft.credits().forEach(c -> credits.add(org, seq, c.grantId(), c.amountNano()));
    }
    try (PreparedStatement append = connection.prepareStatement(APPEND)) {
      int next =
          entries.bind(
              connection, append, 1, "int8 int8 timestamptz text text int4 bytea bytea bytea");
      next = transfers.bind(connection, append, next, "int8 int8 int2 text text text int8");
      next = counters.bind(connection, append, next, "int8 int8 int8 int8 int8");
      next = credits.bind(connection, append, next, "int8 int8 int8 int8");
      entries.only(0, 1, 2, 8).bind(connection, append, next, "int8 int8 timestamptz bytea");
      append.execute();
    }
  }

  /** Rows by columns, as unnest takes them. */
  private static final class Columns {
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    void add(@Nullable Object... row) {
      rows.add(row);
    }

    Columns only(int... columns) {
      Columns some = new Columns();
      for (@Nullable Object[] row : rows) {
        @Nullable Object[] cells = new @Nullable Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
          cells[i] = row[columns[i]];
        }
        some.rows.add(cells);
      }
      return some;
    }

    /** Sets one array parameter for each type's name; returns the index behind the last. */
    int bind(Connection connection, PreparedStatement statement, int first, String types)
        throws SQLException {
      String[] names = types.split(" ", -1);
      for (int column = 0; column < names.length; column++) {
        // The driver knows arrays of bytea only by their Java type.
        @Nullable Object[] values =
            names[column].equals("bytea")
                ? new byte[rows.size()][]
                : new @Nullable Object[rows.size()];
        for (int row = 0; row < values.length; row++) {
          values[row] = rows.get(row)[column];
        }
        statement.setArray(first + column, connection.createArrayOf(names[column], values));
      }
      return first + names.length;
    }
  }
}
