package io.yuntai.planner.plan;

/**
 * How far a solver has come.
 *
 * @param value of the best plan so far; minus infinity before the first
 * @param bound so far; infinity before the first
 * @param step what is being done
 */
public record Progress(double value, double bound, String step) {
  /** Smaller values are none: what is left of them is arithmetic. */
  private static final double NOTHING = 1e-6;

  /** Told of progress, on the thread that plans. */
  @FunctionalInterface
  public interface Listener {
    /** Called seldom; must return soon. */
    void told(Progress progress);
  }

  /** By what share of its value another plan could be better at most; infinite before both are. */
  public double gap() {
    return Double.isInfinite(value) || Double.isInfinite(bound)
        ? Double.POSITIVE_INFINITY
        : Math.max(0, bound - value) / Math.max(NOTHING, Math.abs(value));
  }
}
