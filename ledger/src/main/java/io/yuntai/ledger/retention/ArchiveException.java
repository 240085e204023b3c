package io.yuntai.ledger.retention;

import org.jspecify.annotations.Nullable;

/** Files of archived usage that are missing, damaged or not those that were sealed. */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ArchiveException(String message) {
    super(message);
  }

  ArchiveException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
