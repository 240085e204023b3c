package io.yuntai.ledger.accounts;

import io.yuntai.ledger.money.IsoCurrency;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * An organisation's account over a time: what it stood at, everything that happened, and what it
 * stands at. Opening and lines add up to closing, for what is owed and for credit alike.
 *
 * @param from the first instant
 * @param until the first instant that is no longer in it
 */
public record Statement(
    long orgId,
    String orgName,
    IsoCurrency currency,
    Instant from,
    Instant until,
    Balance opening,
    List<StatementLine> lines,
    Balance closing) {
  /**
   * How an account stands.
   *
   * @param seq the last entry of the ledger that is in it
   * @param owedNano what the organisation owes, usage without an invoice included; below 0 where it
   *     has paid too much
   * @param notInvoicedNano what of it is usage that no invoice has had, less the credit that paid
   *     for it
   * @param creditNano what it has paid for and not got yet
   */
  public record Balance(
      long seq, BigInteger owedNano, BigInteger notInvoicedNano, BigInteger creditNano) {
    /** What is owed less what is paid for already. */
    public BigInteger nano() {
      return owedNano.subtract(creditNano);
    }
  }

  /** Checks that it adds up. */
  public Statement {
    lines = List.copyOf(lines);
    BigInteger owed = opening.owedNano();
    BigInteger credit = opening.creditNano();
    for (StatementLine line : lines) {
      owed = owed.add(line.owedNano());
      credit = credit.add(line.creditNano());
    }
    if (!owed.equals(closing.owedNano()) || !credit.equals(closing.creditNano())) {
      throw new AccountException(
          "The statement of "
              + orgName
              + " does not balance: its lines come to "
              + owed
              + " nano owed and "
              + credit
              + " of credit, its books to "
              + closing.owedNano()
              + " and "
              + closing.creditNano()
              + ".");
    }
  }

  /** Nano as a number with its decimals, at least those of the currency's smallest coin. */
  public String amount(BigInteger nano) {
    BigDecimal exact = new BigDecimal(nano, 9).stripTrailingZeros();
    return exact.setScale(Math.max(exact.scale(), currency.minorDigits())).toPlainString();
  }
}
