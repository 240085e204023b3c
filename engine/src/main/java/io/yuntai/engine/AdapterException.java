package io.yuntai.engine;

/** An adapter can't be loaded or unloaded as things are; the message says why and what to do. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message a sentence for the user
   */
  public AdapterException(String message) {
    super(message);
  }
}
