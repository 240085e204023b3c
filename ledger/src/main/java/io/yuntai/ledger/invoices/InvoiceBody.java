package io.yuntai.ledger.invoices;

import io.yuntai.ledger.documents.JsonText;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An invoice as JSON: what is kept, hashed and sealed, and all that other forms of it are made of.
 * {@code docs/invoices.md} describes it. Later versions must write it byte for byte.
 */
final class InvoiceBody {
  private static final String FORMAT = "yuntai-invoice-1";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private InvoiceBody() {}

  static String write(Invoice invoice) {
    Terms terms = invoice.terms();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("format", FORMAT);
    body.put("kind", terms.credit() == null ? "invoice" : "credit_note");
    body.put("number", terms.number());
    body.put("issued_at", terms.issuedAt().toString());
    body.put("period", terms.period());
    body.put("currency", terms.currency().code());
    body.put("minor_digits", terms.currency().minorDigits());
    body.put("organisation", organisation(terms));
    body.put("seller", party(terms.seller()));
    body.put("buyer", party(terms.buyer()));
    body.put("prepaid", terms.prepaid());
    if (terms.credit() != null) {
      body.put("credit", credit(terms.credit()));
    }
    if (terms.range() != null) {
      body.put("usage", usage(terms.range(), invoice));
    }
    body.put("inputs_sha256", invoice.inputsSha256());
    body.put("lines", invoice.lines().stream().map(line -> line(invoice, line)).toList());
    body.put("exact", Invoice.exact(invoice.exactPico()));
    body.put("net", invoice.amount(invoice.netMinor()));
    body.put("taxes", invoice.taxes().stream().map(tax -> tax(invoice, tax)).toList());
    body.put("total", invoice.amount(invoice.totalMinor()));
    body.put("paid_by_credit", invoice.amount(invoice.paidMinor()));
    body.put("due", invoice.amount(invoice.dueMinor()));
    body.put("months_before", months(terms.before()));
    body.put("months", months(invoice.months()));
    if (!terms.commitments().isEmpty()) {
      body.put("commitments", terms.commitments().stream().map(CommitmentBody::write).toList());
      body.put("covered_before", terms.covered().stream().map(CoveredUnits::text).toList());
      body.put("covered", invoice.covered().stream().map(CoveredUnits::text).toList());
    }
    body.put("engine_version", terms.engineVersion());
    return JsonText.of(body);
  }

  private static Map<String, Object> organisation(Terms terms) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", terms.orgId());
    fields.put("name", terms.orgName());
    return fields;
  }

  private static Map<String, Object> party(Party party) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", party.name());
    fields.put("address", party.address());
    fields.put("tax_id", party.taxId());
    fields.put("jurisdiction", party.jurisdiction());
    return fields;
  }

  private static Map<String, Object> credit(Terms.Credit credit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("invoice", credit.invoice());
    fields.put("reason", credit.reason());
    fields.put("net_minor", credit.netMinor().toString());
    fields.put("before_minor", credit.beforeMinor().toString());
    return fields;
  }

  private static Map<String, Object> usage(Terms.UsageRange range, Invoice invoice) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("previous_until", range.previousUntil().toString());
    fields.put("previous_seq", range.previousSeq());
    fields.put("until", range.until().toString());
    fields.put("seq", range.seq());
    fields.put("requests", invoice.requests());
    return fields;
  }

  private static Map<String, Object> line(Invoice invoice, InvoiceLine line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("line", line.number());
    fields.put("model", line.model());
    fields.put("class", line.serviceClass());
    fields.put("meter", line.meter());
    fields.put("quantity", line.quantity());
    fields.put("price_pico", line.pricePico());
    fields.put("price_book", line.book());
    fields.put("price_book_sha256", line.bookSha256());
    fields.put("exact", Invoice.exact(line.exactPico()));
    fields.put("amount", invoice.amount(line.minor()));
    return fields;
  }

  private static Map<String, Object> tax(Invoice invoice, Invoice.Tax tax) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", tax.name());
    fields.put("rate", tax.rate().toString());
    fields.put("amount", invoice.amount(tax.minor()));
    return fields;
  }

  private static List<Map<String, Object>> months(List<MonthUnits> months) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (MonthUnits month : months) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("month", month.month());
      fields.put("price", month.price());
      fields.put("units", month.units());
      all.add(fields);
    }
    return all;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws InvoiceException when it is anything else
   */
  static Invoice read(String text) {
    try {
      return invoice(MAPPER.readTree(text));
    } catch (JacksonException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | MoneyException damaged) {
      throw new InvoiceException("The body of the invoice is damaged.", damaged);
    }
  }

  private static Invoice invoice(JsonNode body) {
    if (!FORMAT.equals(body.path("format").asString(""))) {
      throw new InvoiceException("The body of the invoice is of a format that is not known here.");
    }
    JsonNode usage = body.path("usage");
    JsonNode credit = body.path("credit");
    IsoCurrency currency =
        new IsoCurrency(text(body, "currency"), body.path("minor_digits").asInt());
    Terms terms =
        new Terms(
            text(body, "number"),
            body.path("organisation").path("id").asLong(),
            text(body.path("organisation"), "name"),
            party(body.path("seller")),
            party(body.path("buyer")),
            currency,
            Instant.parse(text(body, "issued_at")),
            text(body, "period"),
            body.path("prepaid").asBoolean(),
            usage.isMissingNode()
                ? null
                : new Terms.UsageRange(
                    Instant.parse(text(usage, "previous_until")),
                    usage.path("previous_seq").asLong(),
                    Instant.parse(text(usage, "until")),
                    usage.path("seq").asLong()),
            all(
                body.path("taxes"),
                tax -> new TaxRate(text(tax, "name"), Ratio.parse(text(tax, "rate"), "tax rate"))),
            months(body.path("months_before")),
            all(
                body.path("commitments"),
                each -> CommitmentBody.read(body.path("organisation").path("id").asLong(), each)),
            covered(body.path("covered_before")),
            credit.isMissingNode()
                ? null
                : new Terms.Credit(
                    text(credit, "invoice"),
                    text(credit, "reason"),
                    new BigInteger(text(credit, "net_minor")),
                    new BigInteger(text(credit, "before_minor"))),
            body.path("engine_version").asInt());
    int digits = currency.minorDigits();
    return new Invoice(
        terms,
        usage.path("requests").asLong(0),
        text(body, "inputs_sha256"),
        all(body.path("lines"), line -> line(line, digits)),
        scaled(text(body, "exact"), 12),
        scaled(text(body, "net"), digits),
        all(
            body.path("taxes"),
            tax ->
                new Invoice.Tax(
                    text(tax, "name"),
                    Ratio.parse(text(tax, "rate"), "tax rate"),
                    scaled(text(tax, "amount"), digits))),
        scaled(text(body, "total"), digits),
        scaled(text(body, "paid_by_credit"), digits),
        months(body.path("months")),
        covered(body.path("covered")));
  }

  private static InvoiceLine line(JsonNode line, int digits) {
    return new InvoiceLine(
        line.path("line").asInt(),
        text(line, "model"),
        text(line, "class"),
        text(line, "meter"),
        line.path("quantity").asLong(),
        line.path("price_pico").asLong(),
        text(line, "price_book"),
        text(line, "price_book_sha256"),
        scaled(text(line, "exact"), 12),
        scaled(text(line, "amount"), digits));
  }

  private static Party party(JsonNode party) {
    return new Party(
        text(party, "name"),
        all(party.path("address"), JsonNode::asString),
        text(party, "tax_id"),
        text(party, "jurisdiction"));
  }

  private static List<MonthUnits> months(JsonNode months) {
    return all(
        months,
        month ->
            new MonthUnits(
                text(month, "month"), text(month, "price"), month.path("units").asLong()));
  }

  private static List<CoveredUnits> covered(JsonNode units) {
    return all(units, line -> CoveredUnits.of(line.asString()));
  }

  static <T> List<T> all(JsonNode array, Function<JsonNode, T> read) {
    List<T> all = new ArrayList<>();
    array.forEach(element -> all.add(read.apply(element)));
    return all;
  }

  static String text(JsonNode object, String member) {
    JsonNode value = object.path(member);
    if (!value.isString()) {
      throw new IllegalArgumentException(member);
    }
    return value.asString();
  }

  private static BigInteger scaled(String number, int digits) {
    return new BigDecimal(number).scaleByPowerOfTen(digits).toBigIntegerExact();
  }
}
