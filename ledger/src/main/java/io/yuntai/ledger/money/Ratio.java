package io.yuntai.ledger.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact ratio, at least 0, in lowest terms: a discount, a tax rate, an exchange rate.
 *
 * @param num at least 0
 * @param den above 0
 */
public record Ratio(BigInteger num, BigInteger den) {
  public static final Ratio ONE = new Ratio(BigInteger.ONE, BigInteger.ONE);

  private static final Pattern FRACTION = Pattern.compile("([0-9]{1,18})/([0-9]{1,18})");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)%");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,12})?");

  public Ratio {
    if (num.signum() < 0 || den.signum() <= 0) {
      throw new IllegalArgumentException(num + "/" + den);
    }
    BigInteger common = num.gcd(den);
    num = num.divide(common);
    den = den.divide(common);
  }

  public static Ratio of(long num, long den) {
    return new Ratio(BigInteger.valueOf(num), BigInteger.valueOf(den));
  }

  /**
   * Reads {@code 20%}, {@code 0.2} or {@code 1/5}.
   *
   * @throws MoneyException when it is none of these
   */
  public static Ratio parse(String text, String what) {
    Matcher fraction = FRACTION.matcher(text);
    if (fraction.matches()) {
      BigInteger den = new BigInteger(fraction.group(2));
      if (den.signum() == 0) {
        throw new MoneyException("The " + what + " '" + text + "' divides by zero.");
      }
      return new Ratio(new BigInteger(fraction.group(1)), den);
    }
    Matcher percent = PERCENT.matcher(text);
    if (percent.matches()) {
      return of(new BigDecimal(percent.group(1)).movePointLeft(2));
    }
    if (DECIMAL.matcher(text).matches()) {
      return of(new BigDecimal(text));
    }
    throw new MoneyException(
        "'"
            + (text.length() <= 40 ? text : text.substring(0, 40) + "...")
            + "' is no "
            + what
            + ": write it as 20%, 0.2 or 1/5.");
  }

  private static Ratio of(BigDecimal value) {
    int scale = Math.max(0, value.scale());
    return new Ratio(value.setScale(scale).unscaledValue(), BigInteger.TEN.pow(scale));
  }

  public Ratio times(Ratio other) {
    return new Ratio(num.multiply(other.num), den.multiply(other.den));
  }

  public Ratio plus(Ratio other) {
    return new Ratio(num.multiply(other.den).add(other.num.multiply(den)), den.multiply(other.den));
  }

  /** One by this; this must not be 0. */
  public Ratio inverse() {
    return new Ratio(/* num= */ den, /* den= */ num);
  }

  /** This ratio of an amount, rounded half to even. */
  public BigInteger halfEvenOf(BigInteger amount) {
    return Rounding.halfEven(amount.multiply(num), den);
  }

  /** This ratio of an amount, rounded down (towards negative infinity). */
  public BigInteger floorOf(BigInteger amount) {
    return Rounding.floor(amount.multiply(num), den);
  }

  /** {@code 20%} where the decimals end, {@code 1/3} where they do not. */
  public String percent() {
    try {
      BigDecimal exact = new BigDecimal(num).movePointRight(2).divide(new BigDecimal(den));
      return exact.stripTrailingZeros().toPlainString() + "%";
    } catch (ArithmeticException endless) {
      return toString();
    }
  }

  /** {@code 1/5}. */
  @Override
  public String toString() {
    return num + "/" + den;
  }
}
