package io.yuntai.engine.measure;

/**
 * When is something warm enough to be measured? A just-in-time compiler needs several repetitions,
 * and so do caches and clocks. Repeats until two repetitions in a row gain less than a twentieth on
 * the best before them, but not before {@value #LEAST_REPETITIONS} of them and {@value
 * #LEAST_SECONDS} seconds, and never beyond {@value #MOST_REPETITIONS} of them or {@value
 * #MOST_SECONDS} seconds.
 */
public final class WarmUp {
  static final int LEAST_REPETITIONS = 3;
  static final int MOST_REPETITIONS = 30;
  static final long LEAST_SECONDS = 2;
  static final long MOST_SECONDS = 40;

  private static final double GAIN = 1.05;

  private WarmUp() {}

  /**
   * One repetition.
   *
   * @param <E> how it may fail
   */
  @FunctionalInterface
  public interface Repetition<E extends Exception> {
    /** Does it; returns how fast it was, in any unit where more is faster. */
    double run() throws E;
  }

  /** Repeats until it is warm. */
  public static <E extends Exception> void run(Repetition<E> repetition) throws E {
    long start = System.nanoTime();
    double best = 0;
    int settled = 0;
    for (int done = 1; done <= MOST_REPETITIONS; done++) {
      double speed = repetition.run();
      settled = speed < best * GAIN ? settled + 1 : 0;
      best = Math.max(best, speed);
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      boolean enough = done >= LEAST_REPETITIONS && seconds >= LEAST_SECONDS && settled >= 2;
      if (enough || seconds >= MOST_SECONDS) {
        return;
      }
    }
  }
}
