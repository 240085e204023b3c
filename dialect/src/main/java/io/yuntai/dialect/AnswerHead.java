package io.yuntai.dialect;

import java.util.Optional;

/**
 * What all pieces of an answer have in common.
 *
 * @param kind what was asked for
 * @param id unique; letters, digits, {@code -} and {@code _} only
 * @param createdEpochSeconds when the request was taken
 * @param model the model's name
 * @param logprobs whether log-probabilities were asked for
 * @param fingerprint names weights, numerics and chat template: equal fingerprint, request and seed
 *     mean equal answers; absent where nobody can promise that
 */
public record AnswerHead(
    Kind kind,
    String id,
    long createdEpochSeconds,
    String model,
    boolean logprobs,
    Optional<String> fingerprint) {
  /** Of answers that nobody promises to repeat. */
  public AnswerHead(
      Kind kind, String id, long createdEpochSeconds, String model, boolean logprobs) {
    this(kind, id, createdEpochSeconds, model, logprobs, Optional.empty());
  }

  /** Which kind of request is answered. */
  public enum Kind {
    CHAT,
    COMPLETION
  }
}
