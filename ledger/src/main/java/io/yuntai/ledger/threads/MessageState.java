package io.yuntai.ledger.threads;

import java.util.Locale;

/** How far a message is. What a person wrote is complete from the beginning. */
public enum MessageState {
  /** More is to come. */
  RUNNING,
  /** It came to its end. */
  COMPLETE,
  /** The person ended it. */
  STOPPED,
  /** The server stopped or was killed on the way: what had come by then is there. */
  INTERRUPTED,
  /** It was refused, or went wrong on the way. */
  FAILED;

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static MessageState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
