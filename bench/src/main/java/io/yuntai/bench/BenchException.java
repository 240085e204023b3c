package io.yuntai.bench;

/** A comparison can't be made or finished; the message says why, for the user. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a sentence for the user. */
  public BenchException(String message) {
    super(message);
  }

  /** With a sentence for the user, and what caused it. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
