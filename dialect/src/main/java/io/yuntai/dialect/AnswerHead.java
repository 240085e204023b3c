package io.yuntai.dialect;

/**
 * What all pieces of an answer have in common.
 *
 * @param kind what was asked for
 * @param id unique; letters, digits, {@code -} and {@code _} only
 * @param createdEpochSeconds when the request was taken
 * @param model the model's name
 * @param logprobs whether log-probabilities were asked for
 */
public record AnswerHead(
    Kind kind, String id, long createdEpochSeconds, String model, boolean logprobs) {
  /** Which kind of request is answered. */
  public enum Kind {
    CHAT,
    COMPLETION
  }
}
