package io.yuntai.ledger.money;

import java.math.BigDecimal;

/**
 * An exact amount of one currency.
 *
 * @param currency of which currency
 * @param nano in 10<sup>-9</sup> of its major unit; may be negative
 */
public record Money(IsoCurrency currency, long nano) implements Comparable<Money> {
  public static final long NANOS_PER_MAJOR = 1_000_000_000;
  public static final int PICOS_PER_NANO = 1_000;

  /** Half of what a long holds, so that two amounts can always be added. */
  private static final BigDecimal LARGEST_NANO = BigDecimal.valueOf(Long.MAX_VALUE / 2);

  /** Nothing, in a currency. */
  public static Money zero(IsoCurrency currency) {
    return new Money(currency, 0);
  }

  /**
   * Reads an amount in major units such as {@code 100} or {@code 0.25}: at most nine decimals, a
   * full stop before them, no separators, no exponent.
   *
   * @throws MoneyException when it is no such number, or too large
   */
  public static Money parse(IsoCurrency currency, String text) {
    return new Money(currency, Decimals.parse(text, 9, LARGEST_NANO, "amount"));
  }

  /**
   * @throws ArithmeticException when the sum does not fit
   * @throws IllegalArgumentException when the currencies differ
   */
  public Money plus(Money other) {
    requireSame(other);
    return new Money(currency, Math.addExact(nano, other.nano));
  }

  /** Like {@link #plus}. */
  public Money minus(Money other) {
    requireSame(other);
    return new Money(currency, Math.subtractExact(nano, other.nano));
  }

  public Money negated() {
    return new Money(currency, Math.negateExact(nano));
  }

  /** By amount; both must be of one currency. */
  @Override
  public int compareTo(Money other) {
    requireSame(other);
    return Long.compare(nano, other.nano);
  }

  /** As many decimals as the amount has, at least those of the minor unit: {@code 12.50}. */
  public String amount() {
    BigDecimal exact = BigDecimal.valueOf(nano, 9).stripTrailingZeros();
    return exact.setScale(Math.max(exact.scale(), currency.minorDigits())).toPlainString();
  }

  /** {@code 12.50 CNY}. */
  @Override
  public String toString() {
    return amount() + " " + currency.code();
  }

  private void requireSame(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(currency + " and " + other.currency);
    }
  }
}
