package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.AccountKind;
import io.yuntai.ledger.bank.Transfer;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Rounding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What an invoice adds to the ledger, which has its usage already: taxes, what commitments cost,
 * what they and prices by the month give back, and what rounding to whole minor units adds or
 * takes.
 */
final class InvoicePosting {
  private InvoicePosting() {}

  /**
   * @param chargedNano what the ledger has for the invoice's requests
   * @param lostNano what of it the ledger has as a loss, 0 for a prepaid organisation
   */
  static List<Transfer> invoice(Invoice invoice, BigInteger chargedNano, BigInteger lostNano) {
    List<Transfer> transfers = new ArrayList<>();
    BigInteger coin = BigInteger.valueOf(invoice.terms().currency().nanosPerMinor());
    BigInteger adjusted =
        invoice.lines().stream()
            .filter(line -> line.pricePico() == 0 && !line.meter().equals(InvoiceMaker.LATE))
            .map(InvoiceLine::exactPico)
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger adjustedNano = Rounding.floor(adjusted, BigInteger.valueOf(Money.PICOS_PER_NANO));
    add(transfers, AccountKind.RECEIVABLE, AccountKind.REVENUE, adjustedNano);
    // Of a prepaid organisation's usage nothing is owed: its credit has paid it.
    BigInteger owed =
        invoice.terms().prepaid()
            ? invoice.netMinor().subtract(invoice.paidMinor()).multiply(coin)
            : invoice.netMinor().multiply(coin).subtract(chargedNano).add(lostNano);
    add(transfers, AccountKind.RECEIVABLE, AccountKind.ROUNDING, owed.subtract(adjustedNano));
    for (Invoice.Tax tax : invoice.taxes()) {
      add(transfers, AccountKind.RECEIVABLE, AccountKind.TAX, tax.minor().multiply(coin));
    }
    return transfers;
  }

  static List<Transfer> creditNote(Invoice note) {
    List<Transfer> transfers = new ArrayList<>();
    BigInteger coin = BigInteger.valueOf(note.terms().currency().nanosPerMinor());
    add(transfers, AccountKind.RECEIVABLE, AccountKind.SERVICE, note.netMinor().multiply(coin));
    for (Invoice.Tax tax : note.taxes()) {
      add(transfers, AccountKind.RECEIVABLE, AccountKind.TAX, tax.minor().multiply(coin));
    }
    return transfers;
  }

  /** A negative amount goes the other way. */
  private static void add(
      List<Transfer> transfers, AccountKind debit, AccountKind credit, BigInteger nano) {
    if (nano.bitLength() >= Long.SIZE) {
      throw new InvoiceException(
          "The invoice moves " + nano + " nano at once, more than the ledger can hold.");
    }
    long amount = nano.longValueExact();
    if (amount > 0) {
      transfers.add(new Transfer(debit, credit, amount));
    } else if (amount < 0) {
      transfers.add(
          new Transfer(/* debit= */ credit, /* credit= */ debit, Math.negateExact(amount)));
    }
  }
}
