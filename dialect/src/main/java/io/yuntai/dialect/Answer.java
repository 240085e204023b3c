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
   * @param reasoning thoughts before the answer; empty where there are none
   * @param text all of it
   * @param toolCalls what is to be called
   * @param logprobs of each token; empty unless asked for
   * @param finishReason why it ended
   */
  public record Choice(
      String reasoning,
      String text,
      List<ToolCall> toolCalls,
      List<TokenLogprob> logprobs,
      FinishReason finishReason) {
    /** Copies what could change. */
    public Choice {
      toolCalls = List.copyOf(toolCalls);
      logprobs = List.copyOf(logprobs);
    }
  }
}
