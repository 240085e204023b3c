package io.yuntai.engine.speculation;

/**
 * How many drafted tokens pay, so that a step gives the most tokens per second over all its
 * sequences. With chances p1, p2, ... of the proposals, k of them are expected to give p1 + p1 p2 +
 * ... more tokens and make the step as much longer as {@link StepCosts} says. Where many sequences
 * share a step already, a further token costs nearly its full share, so drafting ends by itself.
 */
final class DraftLengths {
  /** A draft must promise this much: estimates are noisy, and not drafting is always right. */
  private static final double LEAST_GAIN = 1.02;

  private final StepCosts costs;
  private int tokens;
  private double expected;
  private double extraNanos;

  DraftLengths(StepCosts costs) {
    this.costs = costs;
  }

  /** Begins a step in which so many sequences decode one token each. */
  void begin(int sequences) {
    tokens = sequences;
    expected = sequences;
    extraNanos = 0;
  }

  /**
   * Adds one sequence's drafts to the step.
   *
   * @param drafts prepared
   * @param most most tokens
   * @return how many to propose, 0 to {@code most}
   */
  int next(Drafts drafts, int most) {
    double bestRate = LEAST_GAIN * expected / (costs.nanos(tokens) + extraNanos);
    int best = 0;
    double bestGain = 0;
    double reached = 1;
    double gain = 0;
    for (int k = 1; k <= most; k++) {
      reached *= drafts.chance(k - 1);
      gain += reached;
      double took = costs.nanos(tokens + k) + extraNanos + drafts.costNanos(k);
      double rate = (expected + gain) / took;
      if (rate > bestRate) {
        bestRate = rate;
        best = k;
        bestGain = gain;
      }
    }
    tokens += best;
    expected += bestGain;
    extraNanos += best == 0 ? 0 : drafts.costNanos(best);
    return best;
  }
}
