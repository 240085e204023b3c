package io.yuntai.planner.finance;

import io.yuntai.planner.PlannerException;

/** Equal payments at the end of each of some times, worth the same as an amount now or then. */
public final class Annuity {
  private Annuity() {}

  /**
   * The payment that repays an amount with interest.
   *
   * @param rate of interest for one time; 0.08 for 8 %
   */
  public static double payment(double amount, double rate, double times) {
    check(rate, times);
    return rate == 0 ? amount / times : amount * rate / -Math.expm1(-times * Math.log1p(rate));
  }

  /** The payment that saves an amount until the last of the times. */
  public static double saving(double amount, double rate, double times) {
    check(rate, times);
    return rate == 0 ? amount / times : amount * rate / Math.expm1(times * Math.log1p(rate));
  }

  private static void check(double rate, double times) {
    if (!(rate > -1 && Double.isFinite(rate) && times > 0)) {
      throw new PlannerException(
          "No payments are worth an amount at a rate of %s for %s times.".formatted(rate, times));
    }
  }
}
