package io.yuntai.dialect;

/** What is done with a text that is longer than the model's context. */
public sealed interface Truncation {
  /** It is refused: a vector of half a text, unasked for, would be worse. */
  record Refuse() implements Truncation {}

  /** Its end is cut off, so that it just fits. */
  record ToContext() implements Truncation {}

  /**
   * Its end is cut off.
   *
   * @param tokens what is left, those that the model itself adds included
   */
  record ToTokens(int tokens) implements Truncation {}
}
