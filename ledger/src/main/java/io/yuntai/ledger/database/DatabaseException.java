package io.yuntai.ledger.database;

import org.jspecify.annotations.Nullable;

/** The database can't be started, reached or used. The message is one sentence for the user. */
public class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says what failed, with its name and value, and what to do. */
  public DatabaseException(String message) {
    super(message);
  }

  /** The message says what failed; the cause is for the log. */
  public DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
