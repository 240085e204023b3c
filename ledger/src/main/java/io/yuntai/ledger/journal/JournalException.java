package io.yuntai.ledger.journal;

/** The journal can't be opened or written; the message says why and what to do. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a cause. */
  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without one. */
  public JournalException(String message) {
    super(message);
  }
}
