package io.yuntai.ledger.invoices;

import io.yuntai.ledger.documents.PdfWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/** An invoice on paper: A4, as many pages as it needs. */
final class InvoicePdf {
  private static final int LEFT = 567;
  private static final int RIGHT = PdfWriter.WIDTH - 567;
  private static final int TOP = PdfWriter.HEIGHT - 620;
  private static final int BOTTOM = 700;
  private static final int STEP = 150;
  private static final int SIZE = 90;
  private static final int SMALL = 70;

  /** Right edges of the columns with numbers. */
  private static final int QUANTITY = 3_550;

  private static final int PRICE = 4_450;

  private final PdfWriter pdf = new PdfWriter();
  private final Invoice invoice;
  private long y;

  private InvoicePdf(Invoice invoice) {
    this.invoice = invoice;
  }

  static byte[] write(Invoice invoice) {
    InvoicePdf page = new InvoicePdf(invoice);
    page.pdf.newPage();
    page.y = TOP;
    page.head();
    page.lines();
    page.sums();
    page.feet();
    return page.pdf.bytes(page.title());
  }

  private String title() {
    return (invoice.terms().credit() == null ? "Invoice " : "Credit note ")
        + invoice.terms().number();
  }

  private void head() {
    Terms terms = invoice.terms();
    pdf.text(LEFT, y, 180, true, title());
    y -= 2 * STEP;
    pdf.text(LEFT, y, SIZE, false, "Issued " + terms.issuedAt().toString().substring(0, 10));
    pdf.text(LEFT + 1_700, y, SIZE, false, "Period " + terms.period());
    y -= STEP;
    if (terms.credit() != null) {
      pdf.text(LEFT, y, SIZE, false, "For invoice " + terms.credit().invoice());
    }
    y -= 2 * STEP;
    long start = y;
    party("From", LEFT, terms.seller());
    long lowest = y;
    y = start;
    party("To", LEFT + 2_500, terms.buyer());
    y = Math.min(lowest, y) - STEP;
  }

  private void party(String label, long x, Party party) {
    pdf.text(x, y, SMALL, false, label);
    y -= STEP;
    pdf.text(x, y, SIZE, true, PdfWriter.fit(party.name(), SIZE, 2_300));
    for (String line : party.address()) {
      y -= STEP;
      pdf.text(x, y, SIZE, false, PdfWriter.fit(line, SIZE, 2_300));
    }
    if (!party.taxId().isEmpty()) {
      y -= STEP;
      pdf.text(x, y, SIZE, false, PdfWriter.fit("Tax number " + party.taxId(), SIZE, 2_300));
    }
    y -= STEP;
  }

  private void lines() {
    columns();
    for (InvoiceLine line : invoice.lines()) {
      room(2 * STEP);
      String what = line.model() + (line.meter().equals("credit") ? "" : ", " + line.meter());
      if (!line.serviceClass().equals("rt") && !line.serviceClass().equals("-")) {
        what += ", " + line.serviceClass();
      }
      pdf.text(LEFT, y, SIZE, false, PdfWriter.fit(what, SIZE, 2_200));
      pdf.textUntil(QUANTITY, y, SIZE, false, grouped(line.quantity()));
      pdf.textUntil(PRICE, y, SIZE, false, line.pricePico() == 0 ? "" : perMillion(line));
      pdf.textUntil(RIGHT, y, SIZE, false, invoice.amount(line.minor()));
      y -= STEP;
    }
  }

  private void columns() {
    pdf.text(LEFT, y, SMALL, false, "What");
    pdf.textUntil(QUANTITY, y, SMALL, false, "Units");
    pdf.textUntil(PRICE, y, SMALL, false, "Price of a million");
    pdf.textUntil(RIGHT, y, SMALL, false, "Amount, " + invoice.terms().currency().code());
    pdf.rule(LEFT, RIGHT, y - 50);
    y -= STEP + 50;
  }

  private void sums() {
    room((4L + invoice.taxes().size()) * STEP);
    pdf.rule(LEFT, RIGHT, y + 80);
    y -= 50;
    sum("Sum", invoice.netMinor(), false);
    for (Invoice.Tax tax : invoice.taxes()) {
      sum(tax.name() + " " + tax.rate().percent(), tax.minor(), false);
    }
    sum("Total", invoice.totalMinor(), true);
    if (invoice.paidMinor().signum() != 0) {
      sum("Paid by credit", invoice.paidMinor().negate(), false);
    }
    sum("To be paid", invoice.dueMinor(), true);
  }

  private void sum(String label, BigInteger minor, boolean bold) {
    pdf.text(QUANTITY, y, SIZE, bold, PdfWriter.fit(label, SIZE, 1_100));
    pdf.textUntil(RIGHT, y, SIZE, bold, invoice.amount(minor));
    y -= STEP;
  }

  private void feet() {
    for (int page = 0; page < pdf.pages(); page++) {
      pdf.turnTo(page);
      pdf.rule(LEFT, RIGHT, BOTTOM - 150);
      pdf.text(LEFT, BOTTOM - 250, SMALL, false, title());
      pdf.textUntil(RIGHT, BOTTOM - 250, SMALL, false, "Page " + (page + 1) + " of " + pdf.pages());
      pdf.text(
          LEFT, BOTTOM - 350, SMALL, false, "SHA-256 of all requests: " + invoice.inputsSha256());
    }
  }

  private void room(long height) {
    if (y - height < BOTTOM) {
      pdf.newPage();
      y = TOP;
      columns();
    }
  }

  private static String perMillion(InvoiceLine line) {
    BigDecimal price = BigDecimal.valueOf(line.pricePico(), 6).stripTrailingZeros();
    return price.setScale(Math.max(2, price.scale())).toPlainString();
  }

  /** With spaces between groups of three digits. */
  private static String grouped(long quantity) {
    StringBuilder digits = new StringBuilder(Long.toString(quantity));
    for (int at = digits.length() - 3; at > 0; at -= 3) {
      digits.insert(at, ' ');
    }
    return digits.toString();
  }
}
