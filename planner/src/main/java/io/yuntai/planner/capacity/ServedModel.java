package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.capacity.Accelerator.Precision;
import io.yuntai.planner.facts.Facts;

/**
 * What serving a model costs in memory and arithmetic.
 *
 * @param name as facts call it
 * @param weightBytes all weights
 * @param parameters all of them
 * @param activeParameters those that a token meets
 * @param kvBytesPerToken what a token of context keeps in memory
 * @param layers of attention
 * @param attentionWidth elements of all heads' queries
 */
public record ServedModel(
    String name,
    double weightBytes,
    double parameters,
    double activeParameters,
    double kvBytesPerToken,
    double layers,
    double attentionWidth) {
  /**
   * One of the facts' models.
   *
   * @throws PlannerException when there is none of this name
   */
  public static ServedModel of(Facts facts, String name, Precision precision) {
    if (!facts.below("model").contains(name)) {
      throw new PlannerException(
          "No model is called '%s'; there are %s."
              .formatted(name, String.join(", ", facts.below("model"))));
    }
    String model = "model." + name + ".";
    double parameters = facts.get(model + "parameters").in("parameter");
    return new ServedModel(
        name,
        parameters * precision.bytes(),
        parameters,
        facts.get(model + "active").in("parameter"),
        facts.get(model + "kv").in("B/token"),
        facts.get(model + "layers").in("1"),
        facts.get(model + "attention-width").in("1"));
  }

  /**
   * Bytes of weights that a step over so many tokens reads: of a mixture of experts the more, the
   * more tokens choose among them (as if each chose independently).
   */
  double touchedBytes(double tokens) {
    return weightBytes * (1 - Math.pow(1 - activeParameters / parameters, tokens));
  }

  /** Operations of a token in a prompt of so many. */
  double flopsPerToken(double promptTokens) {
    return 2 * activeParameters + 2 * layers * attentionWidth * promptTokens;
  }
}
