package io.yuntai.ledger.invoices;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.prices.TestCards;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Invoices without a database. */
final class TestInvoices {
  static final Instant NOVEMBER = Instant.parse("2026-10-31T16:00:00Z");
  static final Instant DECEMBER = Instant.parse("2026-11-30T16:00:00Z");

  /** A card with every kind of price, made of a price list in Shanghai's time. */
  static final String PRICES =
      """
      model,meter,price,class,rule,tier_from,tier_to,band,factor,group,rank
      alpha,input,2.5,,,0,32000,,,,
      alpha,input,4,,,32000,,,,,
      alpha,output,10.000001,,,,,,,,
      alpha,cache_hit,0.25,,,0,32000,,,,
      alpha,cache_hit,0.4,,,32000,,,,,
      beta*,input,1,,graduated,0,100000,,,,
      beta*,input,0.7,,graduated,100000,,,,,
      beta*,output,3,,volume,0,50000,,,,
      beta*,output,2,,volume,50000,,,,,
      vectors,embed,0.5,,,,,,,,
      alpha,,,,,,,22:00-08:00,20%,night,
      *,,,batch,,,,,50%,channel,1
      """;

  private static final String[] MODELS = {"alpha", "beta-small", "beta-large", "vectors"};

  private TestInvoices() {}

  /** A card that is always the same one. */
  static RateCards only(RateCard card) {
    return new RateCards() {
      @Override
      public RateCard current(long orgId, Instant at) {
        return card;
      }

      @Override
      public RateCard cited(long cardId) {
        return cardId == 0 ? RateCard.free() : card;
      }
    };
  }

  static RateCard card() {
    return TestCards.card("Asia/Shanghai", "2026-10-01T00:00:00Z", PRICES, NOVEMBER);
  }

  /** A request of November, the n-th of its kind. */
  static UsageRecord usage(RateCard card, Random random, int number) {
    String model = MODELS[random.nextInt(MODELS.length)];
    ServiceClass serviceClass = random.nextInt(4) == 0 ? ServiceClass.BATCH : ServiceClass.REALTIME;
    boolean generates = !model.equals("vectors");
    MeteredTokens tokens =
        new MeteredTokens(
            random.nextInt(40_000),
            generates ? random.nextInt(9_000) : 0,
            0,
            generates ? random.nextInt(3_000) : 0,
            generates ? random.nextInt(500) : 0);
    long millis = NOVEMBER.toEpochMilli() + random.nextInt(2_500_000) * 1_000L;
    Instant at = Instant.ofEpochMilli(millis);
    Charge charge = card.rates(model, serviceClass, at).orElseThrow().charge(tokens);
    return new UsageRecord(
        new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | number),
        7,
        1,
        0,
        3,
        at,
        model,
        card.id(),
        serviceClass,
        tokens,
        charge.amountNano(),
        charge.residuePico(),
        UsageStatus.COMPLETED,
        List.of());
  }

  static Terms terms(TaxRate... taxes) {
    return terms(
        new Terms.UsageRange(NOVEMBER, 0, DECEMBER, 99),
        List.of(),
        List.of(),
        List.of(),
        InvoiceMaker.ENGINE_VERSION,
        taxes);
  }

  static Terms terms(
      Terms.UsageRange range,
      List<MonthUnits> before,
      List<BoundCommitment> commitments,
      List<CoveredUnits> covered,
      int engineVersion,
      TaxRate... taxes) {
    return new Terms(
        "INV-2026-000042",
        7,
        "acme",
        new Party("云台运营 Ltd", List.of("1 Cloud Road", "Hangzhou"), "91330100TEST", "CN"),
        new Party("Acme (Europe) \"GmbH\"", List.of("Straße 1", "Köln"), "DE000", "DE"),
        IsoCurrency.of("CNY"),
        Instant.parse("2026-12-01T03:04:05.678901Z"),
        "2026-11-01 to 2026-11-30",
        false,
        range,
        List.of(taxes),
        before,
        commitments,
        covered,
        null,
        engineVersion);
  }

  static Invoice invoice(Random random, int requests, TaxRate... taxes) {
    RateCard card = card();
    UsageSum sum = new UsageSum(only(card));
    for (int request = 0; request < requests; request++) {
      sum.add(usage(card, random, request));
    }
    return InvoiceMaker.invoice(terms(taxes), sum, BigInteger.ZERO, BigInteger.ZERO);
  }

  static TaxRate vat() {
    return new TaxRate("VAT", Ratio.of(19, 100));
  }
}
