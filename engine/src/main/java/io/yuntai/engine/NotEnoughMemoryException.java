package io.yuntai.engine;

/** The machine has less memory than a model needs. */
public final class NotEnoughMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message says how much is needed and how much there is
   */
  public NotEnoughMemoryException(String message) {
    super(message);
  }
}
