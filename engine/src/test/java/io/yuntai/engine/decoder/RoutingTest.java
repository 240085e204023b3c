package io.yuntai.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.engine.decoder.Routing.Gate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private static final Offset<Float> CLOSE = within(1e-6f);
  private static final float[] NO_BIAS = {};

  private final int[] chosen = new int[4];
  private final float[] weights = new float[4];

  @Test
  void theLikeliestComeFirstAndTiesGoToTheLowerNumber() {
    choose(routing(Gate.SOFTMAX, 4, 1, 1, 1, false, false, 1), NO_BIAS, 1, 3, 1, 3, 0);
    assertThat(chosen).containsExactly(1, 3, 0, 2);
    assertThat(weights[0]).isEqualTo(weights[1]);
  }

  @Test
  void softmaxIsOverAllExpertsNotOverTheChosenOnes() {
    choose(routing(Gate.SOFTMAX, 1, 1, 1, 1, false, false, 1), NO_BIAS, 0, 0, 0, 0, 0);
    assertThat(weights[0]).isCloseTo(0.2f, CLOSE);
  }

  @Test
  void normalisedWeightsSumToTheScale() {
    choose(routing(Gate.SIGMOID, 3, 1, 1, 1, false, true, 2.5f), NO_BIAS, 5, -1, 2, 0, 1);
    assertThat(weights[0] + weights[1] + weights[2]).isCloseTo(2.5f, CLOSE);
  }

  @Test
  void aBiasDecidesTheChoiceButNotTheWeight() {
    float[] bias = {0, 0, 0, 0, 1};
    choose(routing(Gate.SIGMOID, 1, 1, 1, 1, true, false, 1), bias, 3, 0, 0, 0, 0);
    assertThat(chosen[0]).isEqualTo(4);
    assertThat(weights[0]).isCloseTo(0.5f, CLOSE);
  }

  @Test
  void onlyTheBestGroupsAreOpen() {
    float[] logits = {9, -9, 3, 3, 1, 1};
    choose(routing(Gate.SIGMOID, 2, 3, 1, 2, false, false, 1), NO_BIAS, logits);
    assertThat(chosen).startsWith(2, 3);
    choose(routing(Gate.SIGMOID, 2, 3, 1, 1, false, false, 1), NO_BIAS, logits);
    assertThat(chosen).startsWith(0, 1);
  }

  @Test
  void logitsThatAreNoNumbersStillChooseDifferentExperts() {
    choose(
        routing(Gate.SOFTMAX, 3, 1, 1, 1, false, true, 1), NO_BIAS, Float.NaN, Float.NaN, 0, 1, 2);
    assertThat(chosen[0]).isBetween(0, 4);
  }

  @Test
  void hugeLogitsGiveFiniteWeights() {
    choose(routing(Gate.SOFTMAX, 2, 1, 1, 1, false, true, 1), NO_BIAS, 1e30f, -1e30f, 0, 1, 2);
    assertThat(weights[0]).isCloseTo(1, CLOSE);
    assertThat(weights[1]).isZero();
  }

  private void choose(Routing routing, float[] bias, float... logits) {
    Routing sized =
        new Routing(
            routing.gate(),
            logits.length,
            routing.used(),
            routing.groups(),
            routing.groupsUsed(),
            routing.groupBest(),
            routing.biased(),
            routing.normalized(),
            routing.scale());
    sized.choose(logits.clone(), 0, bias, chosen, weights, 0);
  }

  private static Routing routing(
      Gate gate,
      int used,
      int groups,
      int groupsUsed,
      int groupBest,
      boolean biased,
      boolean normalized,
      float scale) {
    return new Routing(gate, 1, used, groups, groupsUsed, groupBest, biased, normalized, scale);
  }
}
