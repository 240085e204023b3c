package io.yuntai.planner.outlook;

/** Measures of forecasts with quantiles. */
public final class Scores {
  private static final int CRPS_LEVELS = 19;

  private Scores() {}

  /** Quantiles of a forecast. */
  @FunctionalInterface
  public interface Quantiles {
    /**
     * What is stayed below with a probability.
     *
     * @param level between 0 and 1
     */
    double at(double level);
  }

  /** The loss of one quantile (R. Koenker and G. Bassett, 1978). */
  public static double pinball(double level, double quantile, double actual) {
    double miss = actual - quantile;
    return Math.max(level * miss, (level - 1) * miss);
  }

  /**
   * The continuous ranked probability score, as twice the mean loss of the quantiles 0.05 to 0.95
   * (T. Gneiting and A. E. Raftery, 2007); in the unit of the amounts.
   */
  public static double crps(Quantiles quantiles, double actual) {
    double sum = 0;
    for (int i = 1; i <= CRPS_LEVELS; i++) {
      double level = i / (CRPS_LEVELS + 1.0);
      sum += pinball(level, quantiles.at(level), actual);
    }
    return 2 * sum / CRPS_LEVELS;
  }

  /**
   * What it costs to have built by a forecast: capacity is owned up to the quantile at which one
   * more unit just pays (K. J. Arrow, T. Harris and J. Marschak, 1951), and what is asked for
   * beyond it is rented. By {@code own} times what was asked for it gives the score in money, 1 at
   * best.
   */
  public static double cost(Quantiles quantiles, double actual, UnitCosts costs) {
    double built = quantiles.at(costs.level());
    return costs.own() * built + costs.rent() * Math.max(0, actual - built);
  }
}
