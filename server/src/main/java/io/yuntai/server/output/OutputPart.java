package io.yuntai.server.output;

/** A part of an answer, certain as soon as it comes. */
public sealed interface OutputPart {
  /**
   * Words for the asker.
   *
   * @param text not empty
   */
  record Text(String text) implements OutputPart {}

  /**
   * Thoughts before the answer.
   *
   * @param text not empty
   */
  record Reasoning(String text) implements OutputPart {}

  /**
   * A call begins; {@link CallArguments} follow.
   *
   * @param name one of the request's tools
   */
  record CallStarted(String name) implements OutputPart {}

  /**
   * The last call's arguments go on; together they are one JSON object, unless the answer breaks
   * off.
   *
   * @param json not empty
   */
  record CallArguments(String json) implements OutputPart {}
}
