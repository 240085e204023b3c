package io.yuntai.ledger.invoices;

import io.yuntai.ledger.documents.CsvText;
import java.math.BigInteger;
import java.util.List;

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
    StringBuilder text = new StringBuilder(CsvText.row(COLUMNS));
    String currency = invoice.terms().currency().code();
    for (InvoiceLine line : invoice.lines()) {
      text.append(
          CsvText.row(
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
          CsvText.row(
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
}
