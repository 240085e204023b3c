package io.yuntai.engine.tokenizer;

/** How a kind of vocabulary cuts text into tokens, and what bytes its tokens stand for. */
sealed interface Scheme permits ByteLevelBpe, SentencePieceBpe, WordPiece {
  /**
   * Appends the ids of a stretch of text between special tokens.
   *
   * @param text well-formed UTF-16
   * @param from where the stretch starts, before {@code to}
   * @param to where it ends
   * @param startsAnew whether it follows a special token or the start of the text
   */
  void encode(String text, int from, int to, boolean startsAnew, IdList ids);

  /** Bytes of a token of a kind that is text ({@link TokenKind#isMarker()} is false). */
  byte[] bytes(int id);
}
