package io.yuntai.engine.grammar;

/** A text that was begun under a grammar can't be gone on with within the bounds. */
public final class GrammarLimitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one sentence that names the bound
   */
  public GrammarLimitException(String message) {
    super(message, null, false, false);
  }
}
