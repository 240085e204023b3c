package io.yuntai.server;

/** The server can't start. The message is one sentence for the user. */
public class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says what failed, with its name and value, and what to do. */
  public StartException(String message) {
    super(message);
  }

  /** The message says what failed; the cause is for the log. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
