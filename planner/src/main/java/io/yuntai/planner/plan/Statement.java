package io.yuntai.planner.plan;

import java.util.List;

/**
 * Profit and loss, balance and cash of one scenario, made from decisions by other code than the
 * program that was solved; in millions.
 *
 * @param terminalValue of what is left, after tax, at the end of the last quarter
 * @param netPresentValue of all flows but credit drawn and repaid, discounted
 * @param internalRate of return a year; NaN where there is none
 * @param paybackQuarters until what was paid has come back, undiscounted; -1 where it never does
 */
public record Statement(
    String scenario,
    List<Quarter> quarters,
    double terminalValue,
    double netPresentValue,
    double internalRate,
    int paybackQuarters) {
  /**
   * A quarter's lines; costs are positive numbers.
   *
   * @param servers that were paid for
   * @param halls that were paid for
   * @param serverDepreciation straight-line, from arrival on
   * @param hallDepreciation straight-line, from opening on
   * @param tax negative where a loss saves it elsewhere
   * @param netFlow revenue less costs, tax and what was paid for assets
   * @param cash at the end, credit included
   * @param credit drawn at the end
   * @param serverAssets at the end: in service, less depreciation
   * @param hallAssets at the end: open, less depreciation
   * @param inConstruction at the end: paid, and not yet in service or open
   * @param payables at the end: in service and not yet paid; paid in the next quarters
   * @param equity at the end
   */
  public record Quarter(
      String label,
      double revenue,
      double energy,
      double staff,
      double hallUpkeep,
      double serverUpkeep,
      double network,
      double rent,
      double penalties,
      double interest,
      double serverDepreciation,
      double hallDepreciation,
      double tax,
      double servers,
      double halls,
      double netFlow,
      double cash,
      double credit,
      double serverAssets,
      double hallAssets,
      double inConstruction,
      double payables,
      double equity) {
    /** All costs of the running business, interest included. */
    public double costs() {
      return energy + staff + hallUpkeep + serverUpkeep + network + rent + penalties + interest;
    }

    /** Profit before tax. */
    public double profit() {
      return revenue - costs() - serverDepreciation - hallDepreciation;
    }

    /** What was paid for assets. */
    public double capitalSpending() {
      return servers + halls;
    }
  }

  /** Copies. */
  public Statement {
    quarters = List.copyOf(quarters);
  }
}
