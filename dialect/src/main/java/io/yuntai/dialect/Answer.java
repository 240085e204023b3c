package io.yuntai.dialect;

import java.util.List;

/**
 * A whole answer.
 *
 * @param head its identity
 * @param choices the answers, by index
 * @param usage exact counts
 */
public record Answer(AnswerHead head, List<Choice> choices, Usage usage) {
  /** Copies what could change. */
  public Answer {
    choices = List.copyOf(choices);
  }

  /**
   * One of the answers.
   *
   * @param text all of it
   * @param logprobs of each token; empty unless asked for
   * @param finishReason why it ended
   */
  public record Choice(String text, List<TokenLogprob> logprobs, FinishReason finishReason) {
    /** Copies what could change. */
    public Choice {
      logprobs = List.copyOf(logprobs);
    }
  }
}
