package io.yuntai.engine.speculation;

/** The known tokens of a sequence, prompt and generated ones; it grows at its end only. */
public interface TokenSequence {
  /** Number of tokens. */
  int length();

  /**
   * A token.
   *
   * @param position 0 to {@code length() - 1}
   */
  int token(int position);
}
