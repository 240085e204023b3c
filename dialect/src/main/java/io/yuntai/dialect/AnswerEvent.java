package io.yuntai.dialect;

import java.util.List;
import java.util.Optional;

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
   * A choice's thoughts before its answer went on.
   *
   * @param choice its index
   * @param text whole characters, not empty
   */
  record Reasoning(int choice, String text) implements AnswerEvent {}

  /**
   * A choice's thoughts are complete, and this is what proves to their author that they are his: an
   * upstream's, to be given back with the thoughts when the conversation goes on. Our engines send
   * none.
   *
   * @param choice its index
   * @param signature opaque, not empty
   */
  record ReasoningSigned(int choice, String signature) implements AnswerEvent {}

  /**
   * A choice calls a tool; its arguments follow.
   *
   * @param choice its index
   * @param call the call's own index in the choice, from 0
   * @param id by which the tool's answer refers to it
   * @param name the tool
   */
  record CallStarted(int choice, int call, String id, String name) implements AnswerEvent {}

  /**
   * The arguments of the choice's last call went on.
   *
   * @param choice its index
   * @param call the call's index in the choice
   * @param json a piece of JSON text, not empty
   */
  record CallArguments(int choice, int call, String json) implements AnswerEvent {}

  /**
   * Counts so far, of an answer that goes on; comes before the first choice and with each token
   * where the source counts, and never where it does not.
   *
   * @param usage exact but for {@code cachedPromptTokens}, which may still be 0
   */
  record Counted(Usage usage) implements AnswerEvent {}

  /**
   * A choice is complete.
   *
   * @param choice its index
   * @param reason why it ended
   * @param stopText the stop text that came up, where one did and it is known
   */
  record ChoiceFinished(int choice, FinishReason reason, Optional<String> stopText)
      implements AnswerEvent {
    /** Without a stop text. */
    public ChoiceFinished(int choice, FinishReason reason) {
      this(choice, reason, Optional.empty());
    }
  }

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
