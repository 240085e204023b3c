package io.yuntai.ledger.backup;

/** A backup can't be made, read or restored. The message is for the user. */
public final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message one or two sentences: what, why, what to do
   */
  public BackupException(String message) {
    super(message);
  }

  /**
   * @param cause what was met
   */
  public BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
