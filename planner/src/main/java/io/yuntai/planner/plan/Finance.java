package io.yuntai.planner.plan;

/**
 * Money.
 *
 * @param currency of all amounts, as {@code CNY}
 * @param discountPerYear rate at which later money is worth less; flows are at the middle of their
 *     quarter
 * @param taxRate on profit; losses are set against other profits of the owner
 * @param budget that may be spent on servers and halls in each quarter, in millions
 * @param totalBudget of all quarters, in millions
 * @param openingCash in millions
 * @param cashFloor below which cash with the credit line may never fall, in millions; minus
 *     infinity where nobody looks
 * @param creditLine that may be drawn, in millions
 * @param interestPerYear on what is drawn; a cost of the plan, while drawing and repaying are not
 * @param terminal what assets are worth after the last quarter
 */
public record Finance(
    String currency,
    double discountPerYear,
    double taxRate,
    Series budget,
    double totalBudget,
    double openingCash,
    double cashFloor,
    double creditLine,
    double interestPerYear,
    Terminal terminal) {
  /** What is left in the end. */
  public enum Terminal {
    /** Nothing. */
    NONE,
    /** What is not written off. */
    BOOK,
    /** Servers what they sell for, halls what is not written off. */
    RESALE
  }

  /** Checks the ranges. */
  public Finance {
    if (!currency.matches("[A-Z]{3}")) {
      throw new io.yuntai.planner.PlannerException(
          "finance.currency",
          null,
          "finance.currency is '%s'; write three letters, as CNY.".formatted(currency));
    }
    Cells.range("finance.discountPerYear", discountPerYear, 0, 1);
    Cells.share("finance.taxRate", taxRate);
    budget.check("finance.budget", 0, Double.POSITIVE_INFINITY);
    Cells.range("finance.totalBudget", totalBudget, 0, Double.POSITIVE_INFINITY);
    Cells.range("finance.openingCash", openingCash, -Cells.ABSURD, Cells.ABSURD);
    Cells.range("finance.cashFloor", cashFloor, Double.NEGATIVE_INFINITY, Cells.ABSURD);
    Cells.range("finance.creditLine", creditLine, 0, Cells.ABSURD);
    Cells.range("finance.interestPerYear", interestPerYear, 0, 1);
  }

  /** Without tax, limits of money or an end value. */
  public static Finance simple(String currency, double discountPerYear) {
    return new Finance(
        currency,
        discountPerYear,
        0,
        Series.UNLIMITED,
        Double.POSITIVE_INFINITY,
        0,
        Double.NEGATIVE_INFINITY,
        0,
        0,
        Terminal.NONE);
  }

  /** What a unit of money in the middle of a quarter is worth at the beginning of the plan. */
  public double discount(int quarter) {
    return Math.pow(1 + discountPerYear, -(quarter + 0.5) / 4);
  }

  /** What a unit of money is worth after so many quarters. */
  public double discountAtEnd(int quarters) {
    return Math.pow(1 + discountPerYear, -quarters / 4.0);
  }

  /** Whether cash is looked at. */
  public boolean watchesCash() {
    return cashFloor > Double.NEGATIVE_INFINITY;
  }
}
