package io.yuntai.engine;

/** The engine's queue is full: the caller may try again later. */
public final class EngineBusyException extends Exception {
  private static final long serialVersionUID = 1;

  private final int retryAfterSeconds;

  /**
   * @param waiting how many generations wait already
   * @param retryAfterSeconds when a place is likely to be free, at least 1
   */
  public EngineBusyException(int waiting, int retryAfterSeconds) {
    super(waiting + " requests are waiting already; try again in " + retryAfterSeconds + " s");
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** When a place is likely to be free, in seconds. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
