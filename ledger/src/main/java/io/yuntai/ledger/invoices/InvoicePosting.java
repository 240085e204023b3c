package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.AccountKind;
import io.yuntai.ledger.bank.Transfer;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Rounding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What an invoice adds to the ledger, which has its usage already: taxes, what prices by the month
 * give back, and what rounding to whole minor units adds or takes.
 */
final class InvoicePosting {
  private InvoicePosting() {}

  /**
   * @param chargedNano what the ledger has for the invoice's requests
   */
  static List<Transfer> invoice(Invoice invoice, BigInteger chargedNano) {
    List<Transfer> transfers = new ArrayList<>();
    BigInteger coin = BigInteger.valueOf(invoice.terms().currency().nanosPerMinor());
    BigInteger monthly =
        invoice.lines().stream()
            .filter(line -> line.pricePico() == 0)
            .map(InvoiceLine::exactPico)
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger monthlyNano = Rounding.floor(monthly, BigInteger.valueOf(Money.PICOS_PER_NANO));
    add(transfers, AccountKind.RECEIVABLE, AccountKind.REVENUE, monthlyNano);
    if (!invoice.terms().prepaid()) {
      BigInteger rounding =
          invoice.netMinor().multiply(coin).subtract(chargedNano).subtract(monthlyNano);
      add(transfers, AccountKind.RECEIVABLE, AccountKind.ROUNDING, rounding);
    }
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
    long amount = nano.longValueExact();
    if (amount > 0) {
      transfers.add(new Transfer(debit, credit, amount));
    } else if (amount < 0) {
      transfers.add(
          new Transfer(/* debit= */ credit, /* credit= */ debit, Math.negateExact(amount)));
    }
  }
}
