package io.yuntai.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a generation tells its caller, in order; the last event is {@link Finished} or {@link
 * Failed}.
 */
public sealed interface GenerationEvent {
  /**
   * A token was generated. The model's own end token gives no such event, only {@link Finished}
   * with {@link FinishReason#STOP}; it does count in {@link Usage}. A token that completes a stop
   * text gives one, with the text before the stop text.
   *
   * @param id the token
   * @param text text that became final with it: whole characters only, nothing that could still
   *     turn out to be the start of a stop text; so it may be empty, or hold text of earlier tokens
   * @param logprobs its log-probabilities, absent unless asked for
   */
  record Token(int id, String text, Optional<TokenLogprobs> logprobs) implements GenerationEvent {}

  /**
   * The end.
   *
   * @param reason why
   * @param text text held back until now and final at the end; often empty
   * @param usage exact counts
   * @param stopText the stop text that ended it, if one did
   */
  record Finished(FinishReason reason, String text, Usage usage, Optional<String> stopText)
      implements GenerationEvent {}

  /**
   * The engine could not go on; nothing more comes.
   *
   * @param message one sentence for a user
   */
  record Failed(String message) implements GenerationEvent {}

  /**
   * Counts of one generation.
   *
   * @param promptTokens tokens of the prompt
   * @param cachedPromptTokens how many of these were not computed, for their keys and values were
   *     stored already
   * @param completionTokens tokens generated, the end token included if one was sampled
   */
  record Usage(int promptTokens, int cachedPromptTokens, int completionTokens) {}

  /**
   * A token's log-probability under the model (temperature 1, before penalties and filters),
   * natural logarithm.
   *
   * @param chosen the generated token
   * @param top the likeliest tokens, best first, as many as asked for
   */
  record TokenLogprobs(TokenLogprob chosen, List<TokenLogprob> top) {}

  /**
   * @param id a token
   * @param logprob natural logarithm of its probability
   */
  record TokenLogprob(int id, double logprob) {}
}
