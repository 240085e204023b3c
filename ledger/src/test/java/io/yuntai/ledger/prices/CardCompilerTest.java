package io.yuntai.ledger.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CardCompilerTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final MeteredTokens ONE_OF_EACH = new MeteredTokens(1, 1, 1, 1, 1);

  private static PriceBook book(String zone, String text) {
    return PriceListCsv.read("list", IsoCurrency.of("EUR"), ZoneId.of(zone), START, text);
  }

  private static CompiledCard card(PriceBook book, Instant at, Contract.Factor... factors) {
    Contract contract = new Contract(7, "list", START, null, List.of(factors));
    return new CompiledCard(1, CardCompiler.compile(book, contract, at, null));
  }

  private static Rates rates(CompiledCard card, String model, ServiceClass serviceClass) {
    return card.rates(model, serviceClass, START).orElseThrow();
  }

  private static Rates.Tier only(Rates rates) {
    assertThat(rates.tiers()).hasSize(1);
    return rates.tiers().getFirst();
  }

  @Test
  void metersAndClassesWithoutAPriceTakeThatOfTheNearest() {
    CompiledCard card =
        card(
            book(
                "UTC",
                """
                model,input,output,cache_hit,batch_input,batch_output
                a,2,8,0.5,1,4
                b,2,8,,,
                e*,1,1,,,
                """),
            START);

    assertThat(only(rates(card, "a", ServiceClass.REALTIME)))
        .isEqualTo(
            new Rates.Tier(Long.MAX_VALUE, 2_000_000, 500_000, 2_000_000, 8_000_000, 8_000_000));
    assertThat(only(rates(card, "a", ServiceClass.BATCH)).cacheHitPico()).isEqualTo(500_000);
    assertThat(only(rates(card, "a", ServiceClass.BATCH)).reasoningPico()).isEqualTo(4_000_000);
    assertThat(rates(card, "b", ServiceClass.PRIORITY))
        .isEqualTo(rates(card, "b", ServiceClass.REALTIME));
    assertThat(card.rates("e-large", ServiceClass.REALTIME, START)).isPresent();
    assertThat(card.rates("c", ServiceClass.REALTIME, START)).isEqualTo(Optional.empty());
  }

  @Test
  void discountsOfOneGroupDoNotStackAndThoseOfOthersDo() {
    CompiledCard card =
        card(
            book(
                "UTC",
                """
                model,input,output,meter,class,factor,group,rank
                a,3,9,,,,,
                *,,,cache_hit,,10%,channel,0
                *,,,,batch,50%,channel,1
                a,,,,,1/3,spring,0
                """),
            START,
            new Contract.Factor("*", Ratio.of(1, 2)),
            new Contract.Factor("a", Ratio.of(9, 10)));

    Rates.Tier batch = only(rates(card, "a", ServiceClass.BATCH));
    assertThat(batch.inputPico()).isEqualTo(3_000_000L * 9 / 10 / 3 / 2);
    assertThat(batch.cacheHitPico()).isEqualTo(3_000_000L * 9 / 10 / 3 / 10);
  }

  @Test
  void manyFactorsAreRoundedOnceAndHalfToEven() {
    CompiledCard card =
        card(
            book(
                "UTC",
                """
                model,input,output,meter,factor,group
                a,0.000005,0.000015,,,
                a,,,,1/2,one
                a,,,output,1/3,two
                a,,,output,3/1,three
                """),
            START);

    assertThat(only(rates(card, "a", ServiceClass.REALTIME)).inputPico()).isEqualTo(2); // of 2.5
    assertThat(only(rates(card, "a", ServiceClass.REALTIME)).outputPico()).isEqualTo(8); // of 7.5
  }

  @Test
  void theLengthOfTheInputDecidesThePriceOfEverything() {
    CompiledCard card =
        card(
            book(
                "UTC",
                """
                model,input,output,tier_from,tier_to
                a,1,2,0,1000
                a,3,6,1000,
                """),
            START);
    Rates rates = rates(card, "a", ServiceClass.REALTIME);

    assertThat(rates.charge(new MeteredTokens(999, 0, 0, 1, 0)).amountNano())
        .isEqualTo(999 * 1_000 + 2_000);
    assertThat(rates.charge(new MeteredTokens(500, 400, 100, 1, 0)).amountNano())
        .isEqualTo(1_000 * 3_000 + 6_000);
  }

  /**
   * I15's sibling for prices: an instant has one price, also where an hour is skipped or comes
   * twice.
   */
  @Test
  void nightPricesFollowTheLocalClockThroughItsChanges() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    PriceBook book =
        book(
            "Europe/Berlin",
            """
            model,input,output,band
            a,1,1,22:00-02:30
            a,5,5,02:30-22:00
            """);
    CompiledCard card = card(book, START);
    for (String day : List.of("2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z")) {
      Instant at = Instant.parse(day);
      for (int minute = 0; minute < 1_440; minute++) {
        Instant now = at.plus(Duration.ofMinutes(minute));
        int local = now.atZone(berlin).getHour() * 60 + now.atZone(berlin).getMinute();
        long expected = local >= 22 * 60 || local < 150 ? 1_000_000 : 5_000_000;
        assertThat(only(card.rates("a", ServiceClass.REALTIME, now).orElseThrow()).inputPico())
            .as("%s", now)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aCardHoldsWhileItsPricesDo() {
    PriceBook book =
        book(
            "UTC",
            """
            model,input,output,valid_from,valid_until
            a,1,1,,2026-06-01
            a,2,2,2026-06-01,
            """);
    Instant june = Instant.parse("2026-06-01T00:00:00Z");
    CompiledCard spring = card(book, START);
    CompiledCard summer = card(book, june);

    assertThat(spring.from()).isEqualTo(START);
    assertThat(spring.until()).isEqualTo(june);
    assertThat(only(rates(spring, "a", ServiceClass.REALTIME)).inputPico()).isEqualTo(1_000_000);
    assertThat(only(rates(summer, "a", ServiceClass.REALTIME)).inputPico()).isEqualTo(2_000_000);
    assertThat(summer.until()).isEqualTo(june.plus(CardCompiler.LONGEST));
    CompiledCard later = card(book, summer.until());
    assertThat(later.from()).isEqualTo(summer.until());
    assertThat(later.until()).isEqualTo(summer.until().plus(CardCompiler.LONGEST));
  }

  @Test
  void embeddingsCostWhatTheirTextsDo() {
    CompiledCard card = card(book("UTC", "model,embed\nvectors,0.5\n"), START);
    Rates rates = rates(card, "vectors", ServiceClass.REALTIME);

    assertThat(rates.charge(new MeteredTokens(1_000_000, 0, 0, 0, 0)).amountNano())
        .isEqualTo(500_000_000);
    assertThat(rates.charge(new MeteredTokens(0, 1_000_000, 0, 0, 0)).amountNano())
        .isEqualTo(500_000_000);
  }

  @Test
  void pricesByTheMonthAreChargedAtTheDearestAndKeptForTheInvoice() {
    CompiledCard card =
        card(
            book(
                "UTC",
                """
                model,meter,price,rule,tier_from,tier_to
                a,input,4,graduated,0,1000000
                a,input,2,graduated,1000000,
                a,output,9,volume,0,1000000
                a,output,6,volume,1000000,
                """),
            START);
    SkuPrices prices = Objects.requireNonNull(card.prices("a", ServiceClass.REALTIME));
    MonthlyPrice input = prices.monthly().getFirst();

    assertThat(only(rates(card, "a", ServiceClass.REALTIME)).inputPico()).isEqualTo(4_000_000);
    assertThat(input.pico(0, 1_000_001))
        .isEqualTo(BigInteger.valueOf(4_000_000L * 1_000_000 + 2_000_000));
    MonthlyPrice output =
        prices.monthly().stream()
            .filter(monthly -> monthly.meter() == Meter.OUTPUT)
            .findFirst()
            .orElseThrow();
    assertThat(output.pico(0, 1_000_000)).isEqualTo(BigInteger.valueOf(9_000_000L * 1_000_000));
    assertThat(output.pico(0, 1_000_001)).isEqualTo(BigInteger.valueOf(6_000_000L * 1_000_001));
    assertThat(output.pico(1_000_000, 1).add(output.pico(0, 1_000_000)))
        .isEqualTo(output.pico(0, 1_000_001));
  }

  /** However a month's units are cut into pieces, they cost the same. */
  @Test
  void graduatedPricesDoNotDependOnHowAMonthIsCut() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("CardCompilerTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      MonthlyPrice price =
          new MonthlyPrice(
              Meter.INPUT,
              TierRule.GRADUATED,
              List.of(
                  new MonthlyPrice.Step(0, random.nextInt(1_000)),
                  new MonthlyPrice.Step(1 + random.nextInt(100), random.nextInt(1_000)),
                  new MonthlyPrice.Step(101 + random.nextInt(100), random.nextInt(1_000))));
      long units = random.nextInt(400);
      BigInteger oracle = BigInteger.ZERO;
      for (long unit = 0; unit < units; unit++) {
        long at = unit;
        long pico =
            price.steps().stream()
                .filter(step -> step.from() <= at)
                .reduce((one, other) -> other)
                .orElseThrow()
                .pico();
        oracle = oracle.add(BigInteger.valueOf(pico));
      }
      long cut = units == 0 ? 0 : random.nextLong(units);

      assertThat(price.pico(0, units)).isEqualTo(oracle);
      assertThat(price.pico(0, cut).add(price.pico(cut, units - cut))).isEqualTo(oracle);
      assertThat(price.pico(0, units))
          .isLessThanOrEqualTo(
              BigInteger.valueOf(units).multiply(BigInteger.valueOf(price.dearestPico())));
    }
  }

  /** I12: a card read from its text is the card, byte for byte. */
  @Test
  void aCardSurvivesItsText() {
    CompiledCard card =
        card(
            book(
                "America/New_York",
                """
                model,meter,price,rule,tier_from,tier_to,band,factor,group,class
                a,input,4,graduated,0,1000000,,,,
                a,input,2,graduated,1000000,,,,,
                a,output,9,,,,,,,
                b*,input,1,,0,500,,,,
                b*,input,2,,500,,,,,
                b*,output,3,,,,,,,
                b*,image,0.5,,,,,,,
                b*,,,,,,20:00-06:00,20%,night,
                *,,,,,,,50%,batch,batch
                v,embed,0.1,,,,,,,
                """),
            START);
    String text = CardText.write(card.body());
    CompiledCard again = new CompiledCard(1, CardText.read(text));

    assertThat(again.body()).isEqualTo(card.body());
    assertThat(CardText.write(again.body())).isEqualTo(text);
    assertThat(again.sha256()).isEqualTo(card.sha256());
    for (String model : List.of("a", "b", "b-large", "v")) {
      for (int hour = 0; hour < 24 * 300; hour += 7) {
        Instant at = START.plus(Duration.ofHours(hour));
        assertThat(again.rates(model, ServiceClass.BATCH, at).orElseThrow().charge(ONE_OF_EACH))
            .isEqualTo(card.rates(model, ServiceClass.BATCH, at).orElseThrow().charge(ONE_OF_EACH));
      }
    }
  }

  @Test
  void theOrderOfAPriceListDoesNotChangeItsHash() {
    PriceBook one = book("UTC", "model,input,output\na,1,2\nb,3,4\n");
    PriceBook other = book("UTC", "output,model,input\n4,b,3\n2,a,1\n");

    assertThat(BookText.sha256(one)).isEqualTo(BookText.sha256(other));
    assertThat(BookText.sha256(one))
        .isNotEqualTo(BookText.sha256(book("UTC", "model,input,output\na,1,2\nb,3,5\n")));
  }
}
