package io.yuntai.ledger.database;

import java.nio.file.Path;

/** Another process owns the embedded database of this home. */
public final class DatabaseInUseException extends DatabaseException {
  private static final long serialVersionUID = 1;

  private final long holderPid;

  DatabaseInUseException(Path home, long holderPid) {
    super(
        "Another Yuntai "
            + (holderPid > 0 ? "(process " + holderPid + ") " : "")
            + "already uses "
            + home
            + ": stop it with 'yuntai down', or choose another folder with --home.");
    this.holderPid = holderPid;
  }

  /** The other process, or 0 when it hasn't yet said who it is. */
  public long holderPid() {
    return holderPid;
  }
}
