package io.yuntai.planner.statements;

import java.math.BigDecimal;
import java.math.MathContext;

/** Decimals of 34 digits. */
public final class Decimals {
  /** How all is rounded. */
  public static final MathContext DIGITS = MathContext.DECIMAL128;

  private Decimals() {}

  /** A number as it is written. */
  public static BigDecimal of(double value) {
    return BigDecimal.valueOf(value);
  }

  /** The product. */
  public static BigDecimal times(BigDecimal a, BigDecimal b) {
    return a.multiply(b, DIGITS);
  }

  /** The product. */
  public static BigDecimal times(BigDecimal a, double b) {
    return a.multiply(of(b), DIGITS);
  }

  /** The quotient. */
  public static BigDecimal by(BigDecimal a, double b) {
    return a.divide(of(b), DIGITS);
  }
}
