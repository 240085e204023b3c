package io.yuntai.engine;

/** The engine's queue, or a namespace's share of it, is full: the caller may try again later. */
public final class EngineBusyException extends Exception {
  private static final long serialVersionUID = 1;

  private final int retryAfterSeconds;

  /**
   * @param why a clause that says what is full
   * @param retryAfterSeconds when a place is likely to be free, at least 1
   */
  public EngineBusyException(String why, int retryAfterSeconds) {
    super(why + "; try again in " + retryAfterSeconds + " s");
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** When a place is likely to be free, in seconds. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
