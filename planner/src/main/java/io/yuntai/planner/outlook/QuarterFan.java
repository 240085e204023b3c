package io.yuntai.planner.outlook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Quarters with quantiles, by ratios that forecasts so far ahead missed by before (split conformal
 * prediction), so that nothing falls below 0.
 */
public final class QuarterFan {
  /** With fewer misses than these a quarter takes those of one before it, widened. */
  private static final int ENOUGH = 5;

  /** Where nothing could be judged: a guess that is told to be one by {@link #judged}. */
  private static final double[] GUESS = {-0.1, -0.05, 0, 0.05, 0.1};

  private final double[] points;
  private final List<double[]> misses;
  private final int judged;

  private QuarterFan(double[] points, List<double[]> misses, int judged) {
    this.points = points;
    this.misses = misses;
    this.judged = judged;
  }

  /**
   * Round points.
   *
   * @param byAhead logarithms of actual by forecast, by quarters ahead
   */
  static QuarterFan of(double[] points, List<double[]> byAhead) {
    List<double[]> all = new ArrayList<>();
    double[] last = GUESS;
    int lastQuarter = 0;
    int judged = 0;
    for (int q = 0; q < points.length; q++) {
      if (byAhead.get(q).length >= ENOUGH) {
        last = byAhead.get(q).clone();
        Arrays.sort(last);
        lastQuarter = q;
        judged = q + 1;
        all.add(last);
      } else {
        // What is not known is growth, so that misses grow with the time ahead.
        double wider = (q + 1.0) / (lastQuarter + 1.0);
        all.add(Arrays.stream(last).map(miss -> miss * wider).toArray());
      }
    }
    return new QuarterFan(points.clone(), all, judged);
  }

  /** How many quarters. */
  public int quarters() {
    return points.length;
  }

  /** Up to how many quarters ahead misses could be judged; bands beyond are extrapolated. */
  public int judged() {
    return judged;
  }

  /** What is likeliest. */
  public double point(int quarter) {
    return points[quarter];
  }

  /**
   * What a quarter stays below with a probability.
   *
   * @param level between 0 and 1
   */
  public double quantile(int quarter, double level) {
    double[] sorted = misses.get(quarter);
    double place = Math.clamp(level * (sorted.length + 1) - 1, 0, sorted.length - 1.0);
    int low = (int) place;
    int high = Math.min(sorted.length - 1, low + 1);
    return points[quarter] * Math.exp(sorted[low] + (place - low) * (sorted[high] - sorted[low]));
  }
}
