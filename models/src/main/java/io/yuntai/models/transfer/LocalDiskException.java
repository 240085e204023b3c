package io.yuntai.models.transfer;

import java.io.IOException;
import java.nio.file.Path;

/** This machine's disk does not take the bytes; no other source would help. */
public final class LocalDiskException extends Exception {
  private static final long serialVersionUID = 1;

  public LocalDiskException(String message) {
    super(message);
  }

  /** Writing a file failed, for the reason the operating system gave. */
  public LocalDiskException(Path file, IOException cause) {
    super("Writing " + file + " failed: " + cause.getMessage(), cause);
  }
}
