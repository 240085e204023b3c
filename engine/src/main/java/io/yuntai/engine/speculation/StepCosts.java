package io.yuntai.engine.speculation;

/**
 * What a step of so many decoded tokens costs, learnt from the steps as they are made. Needs no
 * measuring at load, and follows kernels, threads and a machine shared with others.
 *
 * <p>What was seen of a size is believed the longer the more often it was seen: the first step of a
 * size may run code that is not compiled yet. A size that is unknown is interpolated between its
 * neighbours, and taken in proportion to an assumed curve where it has only one. The smallest size
 * seen is never forgotten: it is what all others are compared with.
 */
public final class StepCosts {
  /** Steps up to this many tokens are told apart. */
  static final int MAX_TOKENS = 256;

  private static final int FIRST_REMEMBERED_STEPS = 64;
  private static final int MOST_REMEMBERED_STEPS = 8192;
  private static final double RATE_DOWN = 0.5;
  private static final double RATE_UP = 0.1;

  private final double[] nanos = new double[MAX_TOKENS + 1];
  private final long[] believedUntil = new long[MAX_TOKENS + 1];
  private final int[] remembered = new int[MAX_TOKENS + 1];
  private long steps;
  private int least = MAX_TOKENS + 1;

  /**
   * A step was made in which every sequence decoded.
   *
   * @param tokens its size, drafts included
   * @param took its duration, ns
   */
  public void record(int tokens, long took) {
    steps++;
    if (tokens < 1 || tokens > MAX_TOKENS || took <= 0) {
      return;
    }
    double old = nanos[tokens];
    if (old == 0) {
      nanos[tokens] = took;
    } else {
      // Rather the quick steps: slow ones were disturbed, or ran before the code was compiled.
      double rate = took < old ? RATE_DOWN : RATE_UP;
      nanos[tokens] = old + rate * (Math.min((double) took, 2 * old) - old);
    }
    remembered[tokens] =
        Math.clamp(4L * remembered[tokens], FIRST_REMEMBERED_STEPS, MOST_REMEMBERED_STEPS);
    believedUntil[tokens] = steps + remembered[tokens];
    least = Math.min(least, tokens);
  }

  /**
   * Expected duration of a step.
   *
   * @param tokens its size, at least 1
   * @return ns; in units of a one-token step while none was seen at all
   */
  public double nanos(int tokens) {
    int size = Math.min(tokens, MAX_TOKENS);
    if (known(size)) {
      return nanos[size];
    }
    int below = size - 1;
    while (below >= 1 && !known(below)) {
      below--;
    }
    int above = size + 1;
    while (above <= MAX_TOKENS && !known(above)) {
      above++;
    }
    if (below >= 1 && above <= MAX_TOKENS) {
      double share = (double) (size - below) / (above - below);
      return nanos[below] + share * (nanos[above] - nanos[below]);
    }
    if (below >= 1) {
      return nanos[below] * assumed(size) / assumed(below);
    }
    return above <= MAX_TOKENS ? nanos[above] * assumed(size) / assumed(above) : assumed(size);
  }

  private boolean known(int size) {
    return size == least || steps < believedUntil[size];
  }

  /**
   * A step's cost beside one of one token: weights are read once for all tokens, so the first few
   * are cheap until arithmetic takes longer than memory.
   */
  private static double assumed(int tokens) {
    return 1 + 0.1 * (tokens - 1);
  }
}
