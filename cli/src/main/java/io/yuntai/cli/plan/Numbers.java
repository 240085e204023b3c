package io.yuntai.cli.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Estimates as people read them. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(6);

  private Numbers() {}

  /** As it is, with six digits at most and without an exponent. */
  static String plain(double value) {
    BigDecimal rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
    return rounded.toPlainString();
  }

  /** With groups of thousands, and as many decimals. */
  static String grouped(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** As hundredths. */
  static String percent(double share) {
    return grouped(share * 100, 0) + " %";
  }
}
