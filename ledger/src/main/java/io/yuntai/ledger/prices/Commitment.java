package io.yuntai.ledger.prices;

import io.yuntai.ledger.chain.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation committed to, or is given, for some models and a time. Requests are charged
 * without it while they run; invoices apply it ({@code docs/decisions/040}).
 *
 * @param sku which models, see {@link Sku}
 * @param zone whose clock months go by
 * @param from the beginning of its first period
 * @param until the end of its last one; null while it has none
 */
public record Commitment(
    long id,
    long orgId,
    String sku,
    CommitmentPeriod period,
    CommitmentTerms terms,
    String zone,
    Instant from,
    @Nullable Instant until) {
  /**
   * In which order they cover what was used: free tokens, reservations, savings plans; of one kind
   * that which fits fewer models first.
   */
  public static final Comparator<Commitment> ORDER =
      Comparator.comparingInt(Commitment::rank)
          .thenComparing(Comparator.comparingInt(Commitment::weight).reversed())
          .thenComparingLong(Commitment::id);

  private int rank() {
    return switch (terms) {
      case CommitmentTerms.FreeTokens _ -> 0;
      case CommitmentTerms.Reservation _ -> 1;
      case CommitmentTerms.SavingsPlan _ -> 2;
    };
  }

  private int weight() {
    return Sku.weight(sku);
  }

  /** Whether it is for a model's request of this instant. */
  public boolean fits(String model, Instant at) {
    return !at.isBefore(from) && (until == null || at.isBefore(until)) && Sku.fits(sku, model);
  }

  /** All that was agreed on, but for its end; invoices cite the hash of this text. */
  public String text() {
    String given =
        switch (terms) {
          case CommitmentTerms.FreeTokens free -> "tokens " + free.tokens();
          case CommitmentTerms.Reservation reserved -> "tokens " + reserved.tokens();
          case CommitmentTerms.SavingsPlan plan -> "pays " + plan.pays();
        };
    return String.join(
        " ",
        "commitment",
        Long.toString(id),
        "org",
        Long.toString(orgId),
        terms.kind(),
        sku,
        "by",
        period.text(),
        zone,
        given,
        "fee",
        Long.toString(terms.feeNano()),
        "from",
        from.toString());
  }

  /** The SHA-256 of its {@link #text}. */
  public String sha256() {
    return HexFormat.of().formatHex(Sha256.of(text().getBytes(StandardCharsets.UTF_8)));
  }
}
