package io.yuntai.planner.files;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers in sentences. */
final class CellText {
  private static final MathContext DIGITS = new MathContext(6);

  private CellText() {}

  /** With six digits at most and without an exponent where it is not huge. */
  static String plain(double value) {
    if (!Double.isFinite(value)) {
      return "unlimited";
    }
    BigDecimal rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
    return Math.abs(value) < 1e15 ? rounded.toPlainString() : rounded.toString();
  }
}
