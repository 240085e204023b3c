package io.yuntai.ledger.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;

/**
 * What one unit of a currency was worth in another on a day, as somebody published it.
 *
 * @param asOf the day for which the source gives it
 * @param source who published it, for example {@code PBOC}
 * @param rate quote units for one base unit, above 0
 */
public record FxRate(
    IsoCurrency base, IsoCurrency quote, LocalDate asOf, String source, Ratio rate) {
  private static final BigDecimal LARGEST = new BigDecimal("1000000000000000000");

  public FxRate {
    if (base.equals(quote)) {
      throw new MoneyException(
          "An exchange rate is between two currencies, not " + base + " twice.");
    }
    if (rate.num().signum() == 0) {
      throw new MoneyException("The exchange rate of " + base + " to " + quote + " is zero.");
    }
  }

  /**
   * Reads a rate such as {@code 7.0965}.
   *
   * @throws MoneyException when it is no number above 0 of at most nine decimals
   */
  public static Ratio parse(String text) {
    long nano = Decimals.parse(text, 9, LARGEST, "exchange rate");
    if (nano <= 0) {
      throw new MoneyException("The exchange rate '" + text + "' must be above 0.");
    }
    return Ratio.of(nano, Money.NANOS_PER_MAJOR);
  }

  /**
   * An amount of one of its two currencies in the other. Rounded down, in favour of whoever changes
   * it, so that nothing is gained by changing to and fro.
   *
   * @throws ArithmeticException when the result does not fit
   */
  public Money convert(Money amount) {
    BigInteger nano = BigInteger.valueOf(amount.nano());
    if (amount.currency().equals(base)) {
      return new Money(quote, rate.floorOf(nano).longValueExact());
    }
    if (amount.currency().equals(quote)) {
      return new Money(base, rate.inverse().floorOf(nano).longValueExact());
    }
    throw new IllegalArgumentException(amount + " by a rate of " + base + " to " + quote);
  }
}
