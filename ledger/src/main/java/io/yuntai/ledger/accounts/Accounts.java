package io.yuntai.ledger.accounts;

import io.yuntai.ledger.bank.AccountKind;
import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.bank.Transfer;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.AuditLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Accounts of organisations in the database. Safe for use by many threads. */
public final class Accounts {
  static final String PAYMENT = "payment";
  static final String REFUND = "refund";

  private static final int LONGEST_REFERENCE = 200;

  private final Transactions database;
  private final Actor actor;

  /**
   * @param actor who makes changes, for the audit log
   */
  public Accounts(DataSource database, Actor actor) {
    this.database = new Transactions(database);
    this.actor = actor;
  }

  /**
   * Enters that an organisation has paid what it owes, or in advance of invoices to come. The same
   * payment again is not entered twice.
   *
   * @param reference such as the bank's; no other payment of the organisation has it
   * @return the entry's number in the organisation's ledger
   * @throws AccountException when the amount is not above 0 or of another currency, or there is no
   *     such organisation
   */
  public long paid(long orgId, Money amount, String reference) {
    return database.run(connection -> {
      check(connection, orgId, amount, reference);
      return enter(
          connection,
          orgId,
          PAYMENT,
          reference,
          new Transfer(AccountKind.CASH, AccountKind.RECEIVABLE, amount.nano()));
    });
  }

  /**
   * Enters that an organisation was given back what it had paid too much. The same refund again is
   * not entered twice.
   *
   * @throws AccountException as {@link #paid}, and when so much was not paid too much
   */
  public long refunded(long orgId, Money amount, String reference) {
    return database.run(connection -> {
      check(connection, orgId, amount, reference);
      Optional<Long> before =
          Rows.first(
              connection,
              "select seq from ledger_tx where org_id = ? and kind = ? and reference = ?",
              row -> row.getLong(1),
              orgId,
              REFUND,
              reference);
      long left = before.isPresent() ? amount.nano() : overpaid(connection, orgId);
      if (left < amount.nano()) {
        throw new AccountException(
            "The organisation has paid "
                + new Money(amount.currency(), Math.max(0, left))
                + " too much, so "
                + amount
                + " can't be given back.");
      }
      return enter(
          connection,
          orgId,
          REFUND,
          reference,
          new Transfer(AccountKind.RECEIVABLE, AccountKind.CASH, amount.nano()));
    });
  }

  /** Below 0 where something is owed. */
  private static long overpaid(Connection connection, long orgId) throws SQLException {
    return Rows.first(
            connection,
            "select coalesce(sum(case when credit = 'receivable' then amount_nano else -amount_nano end), 0)"
                + " from transfer where org_id = ? and 'receivable' in (debit, credit)",
            row -> row.getBigDecimal(1).longValueExact(),
            orgId)
        .orElseThrow();
  }

  private static void check(Connection connection, long orgId, Money amount, String reference)
      throws SQLException {
    if (reference.isBlank() || reference.length() > LONGEST_REFERENCE) {
      throw new AccountException(
          "Give a reference of 1 to " + LONGEST_REFERENCE + " letters, such as the bank's.");
    }
    // Locks the chain, so that nothing is entered between looking and entering.
    IsoCurrency currency =
        Rows.first(
                connection,
                "select o.currency from org o join chain_head h on h.org_id = o.id where o.id = ?"
                    + " for update of h",
                row -> IsoCurrency.of(row.getString(1)),
                orgId)
            .orElseThrow(() -> new AccountException("There is no organisation " + orgId + "."));
    if (!currency.equals(amount.currency()) || amount.nano() <= 0) {
      throw new AccountException(
          "An amount above 0 in " + currency + " is needed, not " + amount + ".");
    }
  }

  private long enter(
      Connection connection, long orgId, String kind, String reference, Transfer transfer)
      throws SQLException {
    long seq = Books.post(connection, orgId, kind, reference, List.of(transfer));
    AuditLog.write(
        connection,
        orgId,
        actor,
        "account." + kind,
        "entry:" + seq,
        null,
        transfer.amountNano() + " nano, " + reference);
    return seq;
  }

  /**
   * The statement of an organisation's account over a time.
   *
   * @param until the first instant that is no longer in it; the future is as of now
   * @throws AccountException when it ends before it begins, or there is no such organisation
   */
  public Statement statement(long orgId, Instant from, Instant until) {
    if (until.isBefore(from)) {
      throw new AccountException("A statement can't end at " + until + ", before " + from + ".");
    }
    return database.run(connection -> {
      Rows.call(connection, "set transaction isolation level repeatable read read only");
      return StatementSql.read(connection, orgId, from, until);
    });
  }
}
