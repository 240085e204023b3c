package io.yuntai.ledger.invoices;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An invoice as comma-separated values, a row for each line and tax. Lines end as RFC 4180 says.
 */
final class InvoiceCsv {
  private static final List<String> COLUMNS =
      List.of(
          "invoice",
          "line",
          "model",
          "class",
          "meter",
          "quantity",
          "unit_price",
          "exact_amount",
          "amount",
          "currency",
          "price_book",
          "price_book_sha256");

  private InvoiceCsv() {}

  static String write(Invoice invoice) {
    StringBuilder text = new StringBuilder(row(COLUMNS));
    String currency = invoice.terms().currency().code();
    for (InvoiceLine line : invoice.lines()) {
      text.append(
          row(
              List.of(
                  invoice.terms().number(),
                  Integer.toString(line.number()),
                  line.model(),
                  line.serviceClass(),
                  line.meter(),
                  Long.toString(line.quantity()),
                  Invoice.exact(BigInteger.valueOf(line.pricePico())),
                  Invoice.exact(line.exactPico()),
                  invoice.amount(line.minor()),
                  currency,
                  line.book(),
                  line.bookSha256())));
    }
    for (Invoice.Tax tax : invoice.taxes()) {
      text.append(
          row(
              List.of(
                  invoice.terms().number(),
                  "",
                  tax.name(),
                  "",
                  "tax",
                  "1",
                  tax.rate().percent(),
                  "",
                  invoice.amount(tax.minor()),
                  currency,
                  "",
                  "")));
    }
    return text.toString();
  }

  static String row(List<String> fields) {
    return fields.stream().map(InvoiceCsv::field).collect(Collectors.joining(",", "", "\r\n"));
  }

  /** Quoted where it must be; what a spreadsheet would take for a formula is made plain text. */
  private static String field(String text) {
    String plain = !text.isEmpty() && "=+@\t".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = plain.chars().anyMatch(letter -> ",\"\r\n".indexOf(letter) >= 0);
    return quoted ? "\"" + plain.replace("\"", "\"\"") + "\"" : plain;
  }
}
