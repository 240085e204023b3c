package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Exponential;

/**
 * Which experts a token goes through, and with which weights, from the router's logits.
 *
 * <p>Experts have scores; with groups, only those in the best groups can be chosen. The {@code
 * used} experts with the highest scores are chosen, ties to the lower number. Everything is F32 in
 * the order of experts, and so the same on every machine.
 *
 * @param gate how logits become scores
 * @param experts number of experts
 * @param used how many of them a token goes through
 * @param groups groups of consecutive experts, all of one size; 1 for none
 * @param groupsUsed how many groups a token's experts come from
 * @param groupBest how many of its best scores are added up to a group's
 * @param biased whether a bias of the file is added to scores for choosing, though not for weights
 * @param normalized whether the weights of a token's experts are divided by their sum
 * @param scale what weights are multiplied with in the end
 */
public record Routing(
    Gate gate,
    int experts,
    int used,
    int groups,
    int groupsUsed,
    int groupBest,
    boolean biased,
    boolean normalized,
    float scale) {
  /** How a logit becomes a score. */
  public enum Gate {
    /** The softmax over all experts. */
    SOFTMAX,
    /** The logistic function of each by itself. */
    SIGMOID
  }

  /** Smallest sum that weights are divided by: that of scores which all round to zero. */
  private static final float MIN_SUM = 1e-20f;

  /**
   * Chooses one token's experts.
   *
   * @param logits one for each expert from {@code offset}; what is there afterwards is of no use
   * @param bias one for each expert; not read unless {@link #biased}
   * @param chosen receives {@link #used} experts from {@code to}, the one with the highest score
   *     first
   * @param weights likewise their weights
   */
  void choose(float[] logits, int offset, float[] bias, int[] chosen, float[] weights, int to) {
    score(logits, offset);
    float[] forChoice = new float[experts];
    for (int i = 0; i < experts; i++) {
      forChoice[i] = biased ? logits[offset + i] + bias[i] : logits[offset + i];
    }
    if (groups > 1) {
      hideOtherGroups(forChoice);
    }
    float sum = 0;
    for (int rank = to; rank < to + used; rank++) {
      int best = best(forChoice, 0, experts);
      chosen[rank] = best;
      weights[rank] = logits[offset + best];
      forChoice[best] = Float.NEGATIVE_INFINITY;
      sum += weights[rank];
    }
    for (int rank = to; rank < to + used; rank++) {
      float weight = normalized ? weights[rank] / Math.max(sum, MIN_SUM) : weights[rank];
      weights[rank] = weight * scale;
    }
  }

  private void score(float[] x, int offset) {
    switch (gate) {
      case SIGMOID -> {
        for (int i = offset; i < offset + experts; i++) {
          x[i] = 1 / (1 + Exponential.exp(-x[i]));
        }
      }
      case SOFTMAX -> {
        float max = x[best(x, offset, experts)];
        float sum = 0;
        for (int i = offset; i < offset + experts; i++) {
          x[i] = Exponential.exp(x[i] - max);
          sum += x[i];
        }
        for (int i = offset; i < offset + experts; i++) {
          x[i] /= sum;
        }
      }
    }
  }

  private void hideOtherGroups(float[] scores) {
    int size = experts / groups;
    float[] groupScores = new float[groups];
    float[] rest = scores.clone();
    for (int group = 0; group < groups; group++) {
      for (int i = 0; i < Math.min(groupBest, size); i++) {
        int best = best(rest, group * size, size);
        groupScores[group] += rest[best];
        rest[best] = Float.NEGATIVE_INFINITY;
      }
    }
    boolean[] open = new boolean[groups];
    for (int i = 0; i < groupsUsed; i++) {
      int best = best(groupScores, 0, groups);
      open[best] = true;
      groupScores[best] = Float.NEGATIVE_INFINITY;
    }
    for (int i = 0; i < experts; i++) {
      if (!open[i / size]) {
        scores[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /**
   * Where the largest of some values is; the first of equals, and the first if none is a number.
   */
  private static int best(float[] values, int from, int count) {
    int best = from;
    for (int i = from + 1; i < from + count; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
