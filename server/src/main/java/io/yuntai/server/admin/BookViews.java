package io.yuntai.server.admin;

import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.InvoiceLine;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.invoices.Terms;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.BookVersion;
import io.yuntai.ledger.prices.Contract;
import io.yuntai.ledger.prices.PriceGrid;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Price books, contracts and invoices as the admin API shows them. */
final class BookViews {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BookViews() {}

  /** A version of a book, without its prices. */
  static ObjectNode book(BookVersion version) {
    return JSON.objectNode()
        .put("name", version.book().name())
        .put("version", version.version())
        .put("currency", version.book().currency().code())
        .put("time_zone", version.book().zone().getId())
        .put("prices", version.book().items().size())
        .put("note", version.note())
        .put("created", version.createdAt().toString())
        .put("published", text(version.publishedAt()))
        .put(
            "effective_from",
            version.published() ? version.book().effectiveFrom().toString() : null)
        .put("sha256", version.sha256());
  }

  /** A version of a book with what each model costs at an instant. */
  static ObjectNode prices(BookVersion version, Instant at) {
    ObjectNode node = book(version);
    ArrayNode grid = node.putArray("grid");
    PriceGrid.of(version.book(), at)
        .forEach(line -> grid.add(line(line, version.book().currency())));
    return node;
  }

  private static ObjectNode line(PriceGrid.Line line, IsoCurrency currency) {
    return JSON.objectNode()
        .put("what", line.what())
        .put("price", PriceGrid.shown(line, currency))
        .put("of", line.countsTokens() ? "1000000 tokens" : "1 unit");
  }

  /** What differs between two books. */
  static ObjectNode difference(BookVersion before, BookVersion after) {
    ObjectNode node = JSON.objectNode();
    ArrayNode items = node.putArray("items");
    for (PriceGrid.Difference difference :
        PriceGrid.difference(
            before.book(),
            before.book().effectiveFrom(),
            after.book(),
            after.book().effectiveFrom())) {
      items
          .addObject()
          .put("what", difference.what())
          .put("before", shown(difference.before(), before.book().currency()))
          .put("after", shown(difference.after(), after.book().currency()));
    }
    return node;
  }

  private static @Nullable String shown(PriceGrid.@Nullable Line line, IsoCurrency currency) {
    return line == null ? null : PriceGrid.shown(line, currency);
  }

  /** By which book a tenant pays. */
  static ObjectNode contract(String tenant, Contract contract) {
    ObjectNode node =
        JSON.objectNode()
            .put("tenant", tenant)
            .put("book", contract.bookName())
            .put("from", contract.from().toString())
            .put("until", text(contract.until()));
    ArrayNode factors = node.putArray("factors");
    contract
        .factors()
        .forEach(factor ->
            factors
                .addObject()
                .put("models", factor.sku())
                .put("pays", factor.factor().toString()));
    return node;
  }

  /** An invoice or credit note, without its lines. */
  static ObjectNode invoice(StoredInvoice stored) {
    Invoice invoice = stored.invoice();
    Terms terms = invoice.terms();
    Terms.Credit credit = terms.credit();
    ObjectNode node =
        JSON.objectNode()
            .put("number", terms.number())
            .put("tenant", terms.orgName())
            .put("period", terms.period())
            .put("issued", terms.issuedAt().toString())
            .put("currency", terms.currency().code())
            .put("requests", invoice.requests())
            .put("net", invoice.amount(invoice.netMinor()));
    ArrayNode taxes = node.putArray("taxes");
    for (Invoice.Tax tax : invoice.taxes()) {
      taxes
          .addObject()
          .put("name", tax.name())
          .put("rate", tax.rate().percent())
          .put("amount", invoice.amount(tax.minor()));
    }
    return node.put("total", invoice.amount(invoice.totalMinor()))
        .put("paid_by_credit", invoice.amount(invoice.paidMinor()))
        .put("due", invoice.amount(invoice.dueMinor()))
        .put("credits_invoice", credit == null ? null : credit.invoice())
        .put("reason", credit == null ? null : credit.reason())
        .put("sha256", stored.bodySha256());
  }

  /** An invoice with its lines. */
  static ObjectNode invoiceWithLines(StoredInvoice stored) {
    ObjectNode node = invoice(stored);
    ArrayNode lines = node.putArray("lines");
    for (InvoiceLine line : stored.invoice().lines()) {
      lines
          .addObject()
          .put("number", line.number())
          .put("model", line.model())
          .put("service_class", line.serviceClass())
          .put("meter", line.meter())
          .put("quantity", line.quantity())
          .put("unit_price", Invoice.exact(BigInteger.valueOf(line.pricePico())))
          .put("book", line.book())
          .put("book_sha256", line.bookSha256())
          .put("exact_amount", Invoice.exact(line.exactPico()))
          .put("amount", stored.invoice().amount(line.minor()));
    }
    return node;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
