package io.yuntai.models.transfer;

/**
 * A source can't give the file; another might. The message is a clause for a user and names no
 * secret.
 */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1;

  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
