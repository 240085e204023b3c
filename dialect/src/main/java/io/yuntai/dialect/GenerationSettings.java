package io.yuntai.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an answer is generated. Ranges are those of the dialects, checked by their codecs.
 *
 * @param maxTokens most tokens of one answer, at least 1; absent for up to the context's end
 * @param temperature 0 to 2; 0 takes the likeliest token
 * @param topP above 0 to 1
 * @param topK at least 0; 0 keeps all
 * @param minP 0 to 1
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param repetition by a factor, for what has occurred
 * @param logitBias by token id, -100 to 100
 * @param seed absent for one that the server draws
 * @param stop texts that end the answer, none empty
 * @param choices how many answers, at least 1
 * @param topLogprobs how many alternatives to report per token, 0 to 20; -1 for no
 *     log-probabilities at all
 * @param user the client's own name for its end user
 * @param form what answers must look like
 */
public record GenerationSettings(
    OptionalInt maxTokens,
    double temperature,
    double topP,
    int topK,
    double minP,
    double presencePenalty,
    double frequencyPenalty,
    RepetitionPenalty repetition,
    Map<Integer, Double> logitBias,
    OptionalLong seed,
    List<String> stop,
    int choices,
    int topLogprobs,
    Optional<String> user,
    AnswerForm form) {
  /** OpenAI's defaults: temperature 1, nothing cut off, one answer. */
  public static final GenerationSettings DEFAULTS =
      new GenerationSettings(
          OptionalInt.empty(),
          1,
          1,
          0,
          0,
          0,
          0,
          Map.of(),
          OptionalLong.empty(),
          List.of(),
          1,
          -1,
          Optional.empty(),
          AnswerForm.FREE);

  /** Without a repetition penalty. */
  public GenerationSettings(
      OptionalInt maxTokens,
      double temperature,
      double topP,
      int topK,
      double minP,
      double presencePenalty,
      double frequencyPenalty,
      Map<Integer, Double> logitBias,
      OptionalLong seed,
      List<String> stop,
      int choices,
      int topLogprobs,
      Optional<String> user,
      AnswerForm form) {
    this(
        maxTokens,
        temperature,
        topP,
        topK,
        minP,
        presencePenalty,
        frequencyPenalty,
        RepetitionPenalty.NONE,
        logitBias,
        seed,
        stop,
        choices,
        topLogprobs,
        user,
        form);
  }

  /** These settings with further texts that end the answer. */
  public GenerationSettings withStop(List<String> further) {
    List<String> all = new ArrayList<>(stop);
    all.addAll(further);
    return with(seed, all);
  }

  /** These settings with this seed. */
  public GenerationSettings withSeed(long number) {
    return with(OptionalLong.of(number), stop);
  }

  private GenerationSettings with(OptionalLong otherSeed, List<String> otherStop) {
    return new GenerationSettings(
        maxTokens,
        temperature,
        topP,
        topK,
        minP,
        presencePenalty,
        frequencyPenalty,
        repetition,
        logitBias,
        otherSeed,
        otherStop,
        choices,
        topLogprobs,
        user,
        form);
  }

  /** Copies what could change. */
  public GenerationSettings {
    logitBias = Map.copyOf(logitBias);
    stop = List.copyOf(stop);
  }
}
