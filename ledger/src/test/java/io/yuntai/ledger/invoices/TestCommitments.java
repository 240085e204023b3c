package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.LocalClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commitments without a database. */
final class TestCommitments {
  static final String ZONE = "Asia/Shanghai";

  private TestCommitments() {}

  static BoundCommitment of(
      long id,
      String sku,
      CommitmentPeriod period,
      CommitmentTerms terms,
      Instant from,
      @Nullable Instant until) {
    return new BoundCommitment(
        new Commitment(id, 7, sku, period, terms, ZONE, from, until),
        LocalClock.of(
            ZoneId.of(ZONE),
            TestInvoices.NOVEMBER.minus(Duration.ofDays(400)),
            TestInvoices.DECEMBER.plus(Duration.ofDays(400))));
  }

  /** One of each kind. */
  static List<BoundCommitment> each() {
    return List.of(
        of(
            1,
            "alpha",
            CommitmentPeriod.MONTH,
            new CommitmentTerms.FreeTokens(50_000),
            TestInvoices.NOVEMBER,
            null),
        of(
            2,
            "beta*",
            CommitmentPeriod.MONTH,
            new CommitmentTerms.Reservation(120_000, 250_000_000),
            TestInvoices.NOVEMBER,
            null),
        of(
            3,
            "*",
            CommitmentPeriod.HOUR,
            new CommitmentTerms.SavingsPlan(1_234_567, Ratio.of(3, 7)),
            TestInvoices.NOVEMBER.plus(Duration.ofDays(20)),
            TestInvoices.NOVEMBER.plus(Duration.ofDays(25))));
  }
}
