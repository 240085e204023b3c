package io.yuntai.dialect;

import java.util.List;

/** A piece of a streamed answer. */
public sealed interface AnswerEvent {
  /**
   * A choice begins; comes once per choice, before its text.
   *
   * @param choice its index
   */
  record Started(int choice) implements AnswerEvent {}

  /**
   * Text of a choice became final.
   *
   * @param choice its index
   * @param text whole characters; empty only where there are log-probabilities
   * @param logprobs of the tokens since the last piece; empty unless asked for
   */
  record Delta(int choice, String text, List<TokenLogprob> logprobs) implements AnswerEvent {
    /** Copies what could change. */
    public Delta {
      logprobs = List.copyOf(logprobs);
    }
  }

  /**
   * A choice is complete.
   *
   * @param choice its index
   * @param reason why it ended
   */
  record ChoiceFinished(int choice, FinishReason reason) implements AnswerEvent {}

  /**
   * All choices are complete; the last event of an answer that went well.
   *
   * @param usage exact counts
   */
  record Finished(Usage usage) implements AnswerEvent {}

  /**
   * The answer cannot go on; the last event.
   *
   * @param error what happened
   */
  record Failed(ApiError error) implements AnswerEvent {}
}
