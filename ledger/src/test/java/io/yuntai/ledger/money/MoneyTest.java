package io.yuntai.ledger.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MoneyTest {
  private static final IsoCurrency CNY = IsoCurrency.of("CNY");
  private static final IsoCurrency USD = IsoCurrency.of("USD");

  /** Another one with {@code -Dyuntai.seed=N}. */
  private static Random random() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("MoneyTest seed " + seed);
    return new Random(seed);
  }

  @Test
  void amountsAreReadAndShownExactly() {
    assertThat(Money.parse(CNY, "100")).isEqualTo(new Money(CNY, 100_000_000_000L));
    assertThat(Money.parse(CNY, "0.000000001").nano()).isEqualTo(1);
    assertThat(Money.parse(CNY, "-2.5")).hasToString("-2.50 CNY");
    assertThat(new Money(CNY, 1_234_567_890L)).hasToString("1.23456789 CNY");
    assertThat(new Money(IsoCurrency.of("JPY"), 3_000_000_000L)).hasToString("3 JPY");
    assertThat(IsoCurrency.of("JPY").nanosPerMinor()).isEqualTo(1_000_000_000L);
    assertThat(IsoCurrency.of("KWD").nanosPerMinor()).isEqualTo(1_000_000L);
    assertThat(CNY.nanosPerMinor()).isEqualTo(10_000_000L);
  }

  @Test
  void whatIsNoAmountIsRefusedInOneSentence() {
    assertThatThrownBy(() -> Money.parse(CNY, "1,5")).hasMessageContaining("'1,5' is no amount");
    assertThatThrownBy(() -> Money.parse(CNY, "1e9")).isInstanceOf(MoneyException.class);
    assertThatThrownBy(() -> Money.parse(CNY, "0.0000000001"))
        .hasMessageContaining("more than 9 decimals");
    assertThatThrownBy(() -> Money.parse(CNY, "99999999999")).hasMessageContaining("absurd");
    assertThatThrownBy(() -> IsoCurrency.of("cny")).hasMessageContaining("CNY");
    assertThatThrownBy(() -> IsoCurrency.of("ABC")).hasMessageContaining("Unknown currency 'ABC'");
    assertThatThrownBy(() -> new Money(CNY, 1).plus(new Money(USD, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Money(CNY, Long.MAX_VALUE).plus(new Money(CNY, 1)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void ratiosAreExact() {
    assertThat(Ratio.parse("20%", "discount")).isEqualTo(Ratio.of(1, 5));
    assertThat(Ratio.parse("0.125", "discount")).isEqualTo(Ratio.parse("1/8", "discount"));
    assertThat(Ratio.of(1, 8).percent()).isEqualTo("12.5%");
    assertThat(Ratio.of(1, 3).percent()).isEqualTo("1/3");
    assertThat(Ratio.of(0, 7).percent()).isEqualTo("0%");
    assertThatThrownBy(() -> Ratio.parse("a fifth", "discount"))
        .hasMessageContaining("no discount");
    assertThatThrownBy(() -> Ratio.parse("1/0", "discount")).hasMessageContaining("by zero");
  }

  /** I13, and Java's own decimals as judge of half-even. */
  @Test
  void roundedLinesAddUpToTheRoundedSum() {
    Random random = random();
    for (int round = 0; round < 20_000; round++) {
      BigInteger unit = BigInteger.valueOf(1 + random.nextInt(1_000));
      List<BigInteger> exact = new ArrayList<>();
      for (int line = random.nextInt(20); line >= 0; line--) {
        exact.add(BigInteger.valueOf(random.nextInt(100_000) - 20_000));
      }
      List<BigInteger> rounded = LargestRemainder.round(exact, unit);
      BigInteger sum = exact.stream().reduce(BigInteger.ZERO, BigInteger::add);
      BigInteger total = rounded.stream().reduce(BigInteger.ZERO, BigInteger::add);

      assertThat(total)
          .isEqualTo(
              new BigDecimal(sum)
                  .divide(new BigDecimal(unit), 0, RoundingMode.HALF_EVEN)
                  .toBigIntegerExact());
      assertThat(total.multiply(unit).subtract(sum).abs().shiftLeft(1)).isLessThanOrEqualTo(unit);
      for (int line = 0; line < exact.size(); line++) {
        assertThat(rounded.get(line).multiply(unit).subtract(exact.get(line)).abs())
            .isLessThanOrEqualTo(unit);
      }
    }
  }

  @Test
  void ofEqualRemaindersTheFirstLineGetsTheUnit() {
    List<BigInteger> thirds = List.of(BigInteger.valueOf(5), BigInteger.valueOf(5));
    assertThat(LargestRemainder.round(thirds, BigInteger.TEN))
        .containsExactly(BigInteger.ONE, BigInteger.ZERO);
    assertThat(LargestRemainder.round(List.of(), BigInteger.TEN)).isEmpty();
  }

  @Test
  void roundingsAreThoseOfDecimals() {
    Random random = random();
    for (int round = 0; round < 20_000; round++) {
      BigInteger dividend = BigInteger.valueOf(random.nextInt(2_000) - 1_000);
      BigInteger divisor = BigInteger.valueOf(1 + random.nextInt(50));
      assertThat(Rounding.halfEven(dividend, divisor))
          .isEqualTo(decimal(dividend, divisor, RoundingMode.HALF_EVEN));
      assertThat(Rounding.floor(dividend, divisor))
          .isEqualTo(decimal(dividend, divisor, RoundingMode.FLOOR));
      assertThat(Rounding.ceiling(dividend, divisor))
          .isEqualTo(decimal(dividend, divisor, RoundingMode.CEILING));
    }
  }

  private static BigInteger decimal(BigInteger dividend, BigInteger divisor, RoundingMode mode) {
    return new BigDecimal(dividend).divide(new BigDecimal(divisor), 0, mode).toBigIntegerExact();
  }

  /** I22: nothing is gained by changing to and fro, and at most what rounding takes is lost. */
  @Test
  void changingMoneyToAndFroNeverGains() {
    Random random = random();
    for (int round = 0; round < 20_000; round++) {
      FxRate rate =
          new FxRate(
              USD,
              CNY,
              LocalDate.of(2026, 11, 23),
              "test",
              Ratio.of(1 + random.nextInt(20_000_000), 1 + random.nextInt(1_000_000)));
      Money start = new Money(random.nextBoolean() ? USD : CNY, random.nextLong(1L << 40));
      Money there = rate.convert(start);
      Money back = rate.convert(there);

      assertThat(back).isLessThanOrEqualTo(start);
      // One nano of the other currency is lost at most, and one of its own.
      Money worthOfOne = rate.convert(new Money(there.currency(), 1));
      assertThat(start.nano() - back.nano()).isLessThanOrEqualTo(worthOfOne.nano() + 2);
    }
  }

  @Test
  void ratesOfExchangeAreReadExactlyAndNeverZero() {
    assertThat(FxRate.parse("7.0965")).isEqualTo(Ratio.of(14_193, 2_000));
    assertThatThrownBy(() -> FxRate.parse("0")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> FxRate.parse("-1")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new FxRate(CNY, CNY, LocalDate.of(2026, 1, 1), "test", Ratio.ONE))
        .hasMessageContaining("two currencies");
  }

  @Test
  void everyCurrencyHasDigitsAndAnHonestCode() {
    List<String> known =
        java.util.Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0)
            .sorted(Comparator.comparing(java.util.Currency::getCurrencyCode))
            .map(java.util.Currency::getCurrencyCode)
            .toList();
    for (String code : List.of("CNY", "USD", "EUR", "GBP", "HKD", "JPY", "KRW", "KWD", "CLF")) {
      assertThat(known).contains(code);
      assertThat(IsoCurrency.of(code).minorDigits())
          .isEqualTo(java.util.Currency.getInstance(code).getDefaultFractionDigits());
    }
  }
}
