package io.yuntai.engine.sampling;

import java.util.Map;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 to 2; 0 takes the likeliest token
 * @param topP keep the smallest set of tokens whose probability reaches this; above 0 to 1
 * @param topK keep the k likeliest tokens; 0 keeps all
 * @param minP keep tokens at least this fraction of the likeliest one's probability; 0 to 1
 * @param presencePenalty subtracted once from the logit of each token generated so far; -2 to 2
 * @param frequencyPenalty subtracted from a token's logit for each time it was generated; -2 to 2
 * @param repetition divides the logits of tokens that have occurred
 * @param logitBias added to the logits of these ids; -100 to 100 each
 * @param seed key of the random numbers
 * @param stream separates several choices of one request: same seed, other draws
 */
public record SamplingParameters(
    double temperature,
    double topP,
    int topK,
    double minP,
    double presencePenalty,
    double frequencyPenalty,
    Repetition repetition,
    Map<Integer, Double> logitBias,
    long seed,
    int stream) {
  /** Always the likeliest token. */
  public static final SamplingParameters GREEDY =
      new SamplingParameters(0, 1, 0, 0, 0, 0, Map.of(), 0, 0);

  /** Without a repetition penalty. */
  public SamplingParameters(
      double temperature,
      double topP,
      int topK,
      double minP,
      double presencePenalty,
      double frequencyPenalty,
      Map<Integer, Double> logitBias,
      long seed,
      int stream) {
    this(
        temperature,
        topP,
        topK,
        minP,
        presencePenalty,
        frequencyPenalty,
        Repetition.NONE,
        logitBias,
        seed,
        stream);
  }

  /** Checks ranges. */
  public SamplingParameters {
    require(temperature >= 0 && temperature <= 2, "temperature", "between 0 and 2");
    require(topP > 0 && topP <= 1, "top_p", "above 0 and at most 1");
    require(topK >= 0, "top_k", "at least 0");
    require(minP >= 0 && minP <= 1, "min_p", "between 0 and 1");
    require(presencePenalty >= -2 && presencePenalty <= 2, "presence_penalty", "between -2 and 2");
    require(
        frequencyPenalty >= -2 && frequencyPenalty <= 2, "frequency_penalty", "between -2 and 2");
    logitBias = Map.copyOf(logitBias);
    require(
        logitBias.values().stream().allMatch(bias -> bias >= -100 && bias <= 100),
        "logit_bias",
        "between -100 and 100 for each token");
  }

  private static void require(boolean condition, String name, String range) {
    if (!condition) {
      throw new IllegalArgumentException(name + " must be " + range);
    }
  }
}
