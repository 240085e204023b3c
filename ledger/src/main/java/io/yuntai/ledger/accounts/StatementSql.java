package io.yuntai.ledger.accounts;

import io.yuntai.ledger.accounts.Statement.Balance;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.money.IsoCurrency;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads statements from the entries of the ledger. */
final class StatementSql {
  /** What a transfer adds to what is owed, and to what is paid for and not got. */
  private static final String OWED =
      "coalesce(sum(case 'receivable' when f.debit then f.amount_nano when f.credit then -f.amount_nano end), 0)";

  private static final String CREDIT =
      "coalesce(sum(case 'prepaid' when f.credit then f.amount_nano when f.debit then -f.amount_nano end), 0)";

  private StatementSql() {}

  /** An organisation as far as its statement needs it. */
  private record Org(String name, IsoCurrency currency) {}

  /** An entry that is no usage. */
  private record Entry(
      long seq, Instant at, String kind, String reference, BigInteger owed, BigInteger credit) {}

  static Statement read(Connection connection, long orgId, Instant from, Instant until)
      throws SQLException {
    Org org =
        Rows.first(
                connection,
                "select name, currency from org where id = ?",
                row -> new Org(row.getString(1), IsoCurrency.of(row.getString(2))),
                orgId)
            .orElseThrow(() -> new AccountException("There is no organisation " + orgId + "."));
    Balance opening =
        balance(connection, orgId, org.currency(), lastEntry(connection, orgId, from));
    Balance closing =
        balance(connection, orgId, org.currency(), lastEntry(connection, orgId, until));
    List<StatementLine> lines = lines(connection, orgId, org.currency(), opening, closing);
    BigInteger used = usedCredit(connection, orgId, opening.seq(), closing.seq());
    if (used.signum() != 0) {
      lines.add(
          new StatementLine(until, StatementLine.Kind.USAGE, "", BigInteger.ZERO, used.negate()));
    }
    BigInteger notInvoiced = closing.notInvoicedNano().subtract(opening.notInvoicedNano());
    if (notInvoiced.signum() != 0) {
      lines.add(
          new StatementLine(
              until, StatementLine.Kind.NOT_INVOICED, "", notInvoiced, BigInteger.ZERO));
    }
    return new Statement(orgId, org.name(), org.currency(), from, until, opening, lines, closing);
  }

  private static long lastEntry(Connection connection, long orgId, Instant before)
      throws SQLException {
    return Rows.first(
            connection,
            "select coalesce(max(seq), 0) from ledger_tx where org_id = ? and at < ?",
            row -> row.getLong(1),
            orgId,
            before)
        .orElseThrow();
  }

  private static Balance balance(Connection connection, long orgId, IsoCurrency currency, long seq)
      throws SQLException {
    return Rows.first(
            connection,
            "select " + OWED + ", " + CREDIT + " from transfer f where org_id = ? and seq <= ?",
            row -> {
              BigInteger owed = integer(row.getBigDecimal(1));
              BigInteger billed = billed(connection, orgId, currency, seq);
              return new Balance(seq, owed, owed.subtract(billed), integer(row.getBigDecimal(2)));
            },
            orgId,
            seq)
        .orElseThrow();
  }

  /** What invoices, credit notes, payments and whatever else is no usage come to. */
  private static BigInteger billed(
      Connection connection, long orgId, IsoCurrency currency, long seq) throws SQLException {
    BigInteger billed = BigInteger.ZERO;
    for (Entry entry : entries(connection, orgId, currency, 0, seq)) {
      billed = billed.add(entry.owed());
    }
    return billed;
  }

  private static List<StatementLine> lines(
      Connection connection, long orgId, IsoCurrency currency, Balance opening, Balance closing)
      throws SQLException {
    List<StatementLine> lines = new ArrayList<>();
    for (Entry entry : entries(connection, orgId, currency, opening.seq(), closing.seq())) {
      if (entry.owed().signum() != 0 || entry.credit().signum() != 0) {
        lines.add(
            new StatementLine(
                entry.at(),
                StatementLine.Kind.of(entry.kind()),
                entry.reference(),
                entry.owed(),
                entry.credit()));
      }
    }
    return lines;
  }

  /**
   * An invoice's entry holds only what its usage, entered before, does not come to; what it adds to
   * what is owed by invoices is what was due of it.
   */
  private static List<Entry> entries(
      Connection connection, long orgId, IsoCurrency currency, long after, long until)
      throws SQLException {
    BigDecimal coin = BigDecimal.valueOf(currency.nanosPerMinor());
    return Rows.list(
        connection,
        "select t.seq, t.at, t.kind, coalesce(t.reference, '') as reference, "
            + OWED
            + " as owed, "
            + CREDIT
            + " as credit, (select (i.body::jsonb ->> 'due')::numeric from invoice i"
            + " where t.kind = 'invoice' and i.number = t.reference and i.org_id = t.org_id) as due"
            + " from ledger_tx t left join transfer f on f.org_id = t.org_id and f.seq = t.seq"
            + " where t.org_id = ? and t.seq > ? and t.seq <= ? and t.kind <> 'usage'"
            + " group by t.org_id, t.seq order by t.seq",
        row -> {
          BigDecimal due = row.getBigDecimal("due");
          return new Entry(
              row.getLong("seq"),
              Rows.time(row, "at"),
              row.getString("kind"),
              row.getString("reference"),
              due == null
                  ? integer(row.getBigDecimal("owed"))
                  : integer(due.movePointRight(currency.minorDigits()).multiply(coin)),
              integer(row.getBigDecimal("credit")));
        },
        orgId,
        after,
        until);
  }

  private static BigInteger usedCredit(Connection connection, long orgId, long after, long until)
      throws SQLException {
    return Rows.first(
            connection,
            "select "
                + CREDIT
                + " from transfer f join ledger_tx t on t.org_id = f.org_id and t.seq = f.seq"
                + " where t.org_id = ? and t.seq > ? and t.seq <= ? and t.kind = 'usage'",
            row -> integer(row.getBigDecimal(1)),
            orgId,
            after,
            until)
        .orElseThrow()
        .negate();
  }

  private static BigInteger integer(BigDecimal number) {
    return number.toBigIntegerExact();
  }
}
