package io.yuntai.dialect;

/** What texts are embedded for. Models that make no difference between the two ignore it. */
public sealed interface InputRole {
  /** To be found. */
  record Document() implements InputRole {}

  /**
   * To find others with.
   *
   * @param instruction what is looked for, in words; empty for the model's usual one
   */
  record Query(String instruction) implements InputRole {}
}
