package io.yuntai.planner.statements;

import java.math.BigDecimal;

/** What later money is worth now. Eighths of a year are the step: flows are at mid-quarter. */
public final class Discounting {
  private final BigDecimal eighth;

  /** With a rate a year. */
  public Discounting(double perYear) {
    BigDecimal year = BigDecimal.ONE.add(Decimals.of(perYear));
    eighth = year.sqrt(Decimals.DIGITS).sqrt(Decimals.DIGITS).sqrt(Decimals.DIGITS);
  }

  /** Of money in the middle of a quarter. */
  public BigDecimal middle(int quarter) {
    return BigDecimal.ONE.divide(eighth.pow(2 * quarter + 1, Decimals.DIGITS), Decimals.DIGITS);
  }

  /** Of money after so many quarters. */
  public BigDecimal end(int quarters) {
    return BigDecimal.ONE.divide(eighth.pow(2 * quarters, Decimals.DIGITS), Decimals.DIGITS);
  }
}
