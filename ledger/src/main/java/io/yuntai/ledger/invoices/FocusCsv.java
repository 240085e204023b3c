package io.yuntai.ledger.invoices;

import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentTerms;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An invoice in the FinOps Open Cost and Usage Specification (focus.finops.org), as comma-separated
 * values. Costs are the exact ones: they add up to the invoice's exact sum, and a row of kind
 * {@code Adjustment} says what rounding to the smallest coin adds. Columns of 1.2; for 1.3 those
 * that took the place of {@code ProviderName} and {@code PublisherName} come in addition.
 */
final class FocusCsv {
  /** A version of the specification. */
  enum Version {
    V1_2,
    V1_3
  }

  private FocusCsv() {}

  static String write(Invoice invoice, Version version) {
    StringBuilder text = new StringBuilder();
    for (Map<String, String> row : rows(invoice, version)) {
      if (text.isEmpty()) {
        text.append(CsvText.row(List.copyOf(row.keySet())));
      }
      text.append(CsvText.row(List.copyOf(row.values())));
    }
    return text.toString();
  }

  /** What a row says of usage; empty where it is about none. */
  private record Priced(
      String quantity, String unitPrice, String service, String sku, String meter, String priceId) {
    static final Priced NOTHING = new Priced("", "", "Yuntai", "", "", "");

    static Priced of(InvoiceLine line) {
      boolean counted = line.pricePico() > 0;
      return new Priced(
          counted ? Long.toString(line.quantity()) : "",
          counted ? Invoice.exact(BigInteger.valueOf(line.pricePico())) : "",
          line.model(),
          line.model(),
          line.meter(),
          line.book() + "@" + line.bookSha256() + "/" + line.serviceClass());
    }

    String unit() {
      return quantity.isEmpty() ? "" : "Tokens";
    }
  }

  private static List<Map<String, String>> rows(Invoice invoice, Version version) {
    List<Map<String, String>> rows = new ArrayList<>();
    boolean credit = invoice.terms().credit() != null;
    for (InvoiceLine line : invoice.lines()) {
      String description = line.model() + " " + line.meter();
      rows.add(
          credit
              ? row(invoice, version, "Credit", Priced.NOTHING, line.exactPico(), description)
              : row(
                  invoice,
                  version,
                  category(line),
                  Priced.of(line),
                  line.exactPico(),
                  description));
    }
    BigInteger coin = Invoice.picosPerMinor(invoice.terms());
    BigInteger rounding = invoice.netMinor().multiply(coin).subtract(invoice.exactPico());
    if (rounding.signum() != 0 || rows.isEmpty()) {
      rows.add(
          row(
              invoice,
              version,
              "Adjustment",
              Priced.NOTHING,
              rounding,
              "Rounding to the smallest coin"));
    }
    for (Invoice.Tax tax : invoice.taxes()) {
      String description = tax.name() + " " + tax.rate().percent();
      rows.add(
          row(invoice, version, "Tax", Priced.NOTHING, tax.minor().multiply(coin), description));
    }
    return rows;
  }

  /** Commitments are bought, and give back; all else is used. */
  private static String category(InvoiceLine line) {
    if (!line.book().startsWith(InvoiceMaker.COMMITMENT)) {
      return line.meter().equals(InvoiceMaker.LATE) ? "Credit" : "Usage";
    }
    return line.exactPico().signum() > 0 ? "Purchase" : "Credit";
  }

  private static Map<String, String> row(
      Invoice invoice,
      Version version,
      String category,
      Priced priced,
      BigInteger pico,
      String description) {
    Terms terms = invoice.terms();
    Terms.UsageRange range = terms.range();
    Instant start = range == null ? terms.issuedAt() : range.previousUntil();
    Instant end = range == null ? terms.issuedAt() : range.until();
    String cost = Invoice.exact(pico);
    boolean used = category.equals("Usage");
    Map<String, String> row = new LinkedHashMap<>();
    row.put("BilledCost", cost);
    row.put("BillingAccountId", Long.toString(terms.orgId()));
    row.put("BillingAccountName", terms.orgName());
    row.put("BillingAccountType", "Organisation");
    row.put("BillingCurrency", terms.currency().code());
    row.put("BillingPeriodEnd", time(end));
    row.put("BillingPeriodStart", time(start));
    row.put("ChargeCategory", category);
    row.put("ChargeClass", terms.credit() == null ? "" : "Correction");
    row.put("ChargeDescription", description);
    row.put(
        "ChargeFrequency",
        used ? "Usage-Based" : category.equals("Purchase") ? "Recurring" : "One-Time");
    row.put("ChargePeriodEnd", time(end));
    row.put("ChargePeriodStart", time(start));
    if (!terms.commitments().isEmpty()) {
      commitment(row, invoice, priced);
    }
    row.put("ConsumedQuantity", priced.quantity());
    row.put("ConsumedUnit", priced.unit());
    row.put("ContractedCost", cost);
    row.put("ContractedUnitPrice", priced.unitPrice());
    row.put("EffectiveCost", cost);
    if (version == Version.V1_3) {
      row.put("HostProviderName", terms.seller().name());
    }
    row.put("InvoiceId", terms.number());
    row.put("InvoiceIssuerName", terms.seller().name());
    row.put("ListCost", cost);
    row.put("ListUnitPrice", priced.unitPrice());
    row.put("PricingCategory", used ? "Standard" : "");
    row.put("PricingCurrency", terms.currency().code());
    row.put("PricingQuantity", priced.quantity());
    row.put("PricingUnit", priced.unit());
    row.put("ProviderName", terms.seller().name());
    row.put("PublisherName", terms.seller().name());
    row.put("ServiceCategory", "AI and Machine Learning");
    row.put("ServiceName", priced.service());
    if (version == Version.V1_3) {
      row.put("ServiceProviderName", terms.seller().name());
    }
    row.put("ServiceSubcategory", "Generative AI");
    row.put("SkuId", priced.sku());
    row.put("SkuMeter", priced.meter());
    row.put("SkuPriceId", priced.priceId());
    return row;
  }

  private static void commitment(Map<String, String> row, Invoice invoice, Priced priced) {
    Commitment of =
        invoice.terms().commitments().stream()
            .map(BoundCommitment::commitment)
            .filter(one -> priced.priceId().startsWith(InvoiceMaker.bookName(one) + "@"))
            .findFirst()
            .orElse(null);
    boolean plan = of != null && of.terms() instanceof CommitmentTerms.SavingsPlan;
    row.put("CommitmentDiscountCategory", of == null ? "" : plan ? "Spend" : "Usage");
    row.put("CommitmentDiscountId", of == null ? "" : Long.toString(of.id()));
    row.put("CommitmentDiscountName", of == null ? "" : of.terms().kind() + " " + of.sku());
    row.put("CommitmentDiscountType", of == null ? "" : of.terms().kind());
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
