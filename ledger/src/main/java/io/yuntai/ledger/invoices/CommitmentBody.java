package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.Decimals;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.LocalClock;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A commitment in the JSON of an invoice. */
final class CommitmentBody {
  private static final BigDecimal LARGEST = BigDecimal.valueOf(CommitmentTerms.MOST_NANO);

  private CommitmentBody() {}

  static Map<String, Object> write(BoundCommitment bound) {
    Commitment commitment = bound.commitment();
    Instant until = commitment.until();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", commitment.id());
    fields.put("kind", commitment.terms().kind());
    fields.put("model", commitment.sku());
    fields.put("period", commitment.period().text());
    switch (commitment.terms()) {
      case CommitmentTerms.FreeTokens free -> fields.put("tokens", free.tokens());
      case CommitmentTerms.Reservation reserved -> fields.put("tokens", reserved.tokens());
      case CommitmentTerms.SavingsPlan plan -> fields.put("pays", plan.pays().toString());
    }
    fields.put("fee", fee(commitment.terms().feeNano()));
    fields.put("from", commitment.from().toString());
    fields.put("until", until == null ? "" : until.toString());
    fields.put("zone", commitment.zone());
    fields.put(
        "offsets",
        bound.clock().offsets().stream()
            .map(offset -> offset.from() + " " + offset.seconds())
            .toList());
    fields.put("sha256", commitment.sha256());
    return fields;
  }

  private static String fee(long nano) {
    return Invoice.exact(BigInteger.valueOf(nano).multiply(BigInteger.valueOf(1_000)));
  }

  static BoundCommitment read(long orgId, JsonNode fields) {
    long fee = Decimals.parse(InvoiceBody.text(fields, "fee"), 9, LARGEST, "fee");
    long tokens = fields.path("tokens").asLong(0);
    String until = InvoiceBody.text(fields, "until");
    String zone = InvoiceBody.text(fields, "zone");
    CommitmentTerms terms =
        switch (InvoiceBody.text(fields, "kind")) {
          case "free_tokens" -> new CommitmentTerms.FreeTokens(tokens);
          case "reservation" -> new CommitmentTerms.Reservation(tokens, fee);
          case "savings_plan" ->
              new CommitmentTerms.SavingsPlan(
                  fee, Ratio.parse(InvoiceBody.text(fields, "pays"), "share"));
          default -> throw new IllegalArgumentException("kind");
        };
    return new BoundCommitment(
        new Commitment(
            fields.path("id").asLong(),
            orgId,
            InvoiceBody.text(fields, "model"),
            CommitmentPeriod.of(InvoiceBody.text(fields, "period")),
            terms,
            zone,
            Instant.parse(InvoiceBody.text(fields, "from")),
            until.isEmpty() ? null : Instant.parse(until)),
        new LocalClock(
            zone, InvoiceBody.all(fields.path("offsets"), offset -> offset(offset.asString()))));
  }

  private static LocalClock.Offset offset(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException(text);
    }
    return new LocalClock.Offset(Long.parseLong(words[0]), Integer.parseInt(words[1]));
  }
}
