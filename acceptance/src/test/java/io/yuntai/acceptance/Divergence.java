package io.yuntai.acceptance;

import io.yuntai.acceptance.RealVectors.IdealLogprob;
import java.util.List;

/**
 * Kullback-Leibler divergence of computed logits from the ideal's distribution, in nats: over the
 * ideal's likeliest ids and one bucket for all the others.
 */
final class Divergence {
  /** Below this the bucket of the others is rounding, not probability. */
  private static final double REST_MIN = 1e-9;

  private static final double COMPUTED_REST_MIN = 1e-12;

  private Divergence() {}

  /** Mean over a text's tokens. */
  static double mean(List<List<IdealLogprob>> ideal, float[][] logits) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += of(ideal.get(i), logits[i]);
    }
    return sum / logits.length;
  }

  private static double of(List<IdealLogprob> ideal, float[] logits) {
    double normaliser = logSumExp(logits);
    double divergence = 0;
    double idealRest = 1;
    double computedRest = 1;
    for (IdealLogprob each : ideal) {
      double computed = logits[each.id()] - normaliser;
      double probability = Math.exp(each.logprob());
      divergence += probability * (each.logprob() - computed);
      idealRest -= probability;
      computedRest -= Math.exp(computed);
    }
    return idealRest <= REST_MIN
        ? divergence
        : divergence + idealRest * Math.log(idealRest / Math.max(computedRest, COMPUTED_REST_MIN));
  }

  private static double logSumExp(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }
}
