package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.tenancy.Actor;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives invoices back, in whole or in part. */
final class CreditNotes {
  private CreditNotes() {}

  static StoredInvoice credit(
      Connection connection, Actor actor, String invoiceNumber, @Nullable Money net, String reason)
      throws SQLException {
    StoredInvoice credited = InvoiceRows.find(connection, invoiceNumber);
    Terms of = credited.invoice().terms();
    if (of.credit() != null) {
      throw new InvoiceException(invoiceNumber + " is a credit note itself.");
    }
    if (reason.isBlank() || reason.length() > 120) {
      throw new InvoiceException("A credit note needs a reason of at most 120 letters.");
    }
    InvoiceSql.lockOrg(connection, of.orgId());
    BigInteger before =
        InvoiceRows.invoices(connection, "credits = ?", invoiceNumber).stream()
            .map(note -> note.invoice().netMinor().negate())
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger left = credited.invoice().netMinor().subtract(before);
    BigInteger given = net == null ? left : minor(net, credited.invoice());
    if (given.signum() <= 0 || given.compareTo(left) > 0) {
      throw new InvoiceException(
          "Of invoice "
              + invoiceNumber
              + " there is "
              + credited.invoice().amount(left)
              + " left to give back, so not "
              + credited.invoice().amount(given)
              + ".");
    }
    Instant now = InvoiceSql.now(connection);
    String series = "CN-" + now.atOffset(ZoneOffset.UTC).getYear();
    long number = InvoiceRows.nextNumber(connection, series);
    Terms terms =
        new Terms(
            InvoiceRows.number(series, number),
            of.orgId(),
            of.orgName(),
            of.seller(),
            of.buyer(),
            of.currency(),
            now,
            of.period(),
            false,
            null,
            of.taxes(),
            List.of(),
            List.of(),
            List.of(),
            new Terms.Credit(invoiceNumber, reason, given, before),
            InvoiceMaker.ENGINE_VERSION);
    Invoice note = InvoiceMaker.creditNote(terms, credited.bodySha256());
    StoredInvoice stored = InvoiceRows.insert(connection, series, number, note);
    Books.post(
        connection, of.orgId(), "credit-note", terms.number(), InvoicePosting.creditNote(note));
    InvoiceRows.audit(connection, actor, "invoice.credit", stored);
    return stored;
  }

  private static BigInteger minor(Money net, Invoice invoice) {
    long unit = invoice.terms().currency().nanosPerMinor();
    if (!net.currency().equals(invoice.terms().currency()) || net.nano() % unit != 0) {
      throw new InvoiceException(
          "A credit note for "
              + invoice.terms().number()
              + " is in whole units of "
              + invoice.terms().currency()
              + "; "
              + net
              + " is not.");
    }
    return BigInteger.valueOf(net.nano() / unit);
  }
}
