package io.yuntai.engine.sampling;

/** The model computed logits from which no token can be chosen. */
public final class BadLogitsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one sentence that says what the logits hold
   */
  public BadLogitsException(String message) {
    super(message);
  }
}
