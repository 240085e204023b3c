package io.yuntai.engine;

/**
 * A model file that is damaged, hostile or not of a kind this engine runs; the message is one
 * sentence for a user.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one sentence that names what is wrong, and where a user could do something about
   *     it, what
   */
  public ModelFormatException(String message) {
    super(message);
  }

  /**
   * @param message as above
   * @param cause what was met while reading
   */
  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
