package io.yuntai.models.transfer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request failed in a way that a repeat may cure. */
class TransientException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Duration retryAfter;

  TransientException(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  TransientException(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  /** How long the server asked to wait; null if it did not say. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
