package io.yuntai.dialect;

import java.util.List;
import java.util.Optional;

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
   * @param stopText the stop text that came up, where one did and it is known
   * @param reasoningSignature what proves the thoughts to their author; see {@link
   *     AnswerEvent.ReasoningSigned}
   */
  public record Choice(
      String reasoning,
      String text,
      List<ToolCall> toolCalls,
      List<TokenLogprob> logprobs,
      FinishReason finishReason,
      Optional<String> stopText,
      Optional<String> reasoningSignature) {
    /** Copies what could change. */
    public Choice {
      toolCalls = List.copyOf(toolCalls);
      logprobs = List.copyOf(logprobs);
    }

    /** Without a stop text or a signature. */
    public Choice(
        String reasoning,
        String text,
        List<ToolCall> toolCalls,
        List<TokenLogprob> logprobs,
        FinishReason finishReason) {
      this(reasoning, text, toolCalls, logprobs, finishReason, Optional.empty(), Optional.empty());
    }
  }
}
