package io.yuntai.models.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a folder's disk has. */
@FunctionalInterface
public interface DiskSpace {

  /**
   * Bytes that this process may still write below an existing folder.
   *
   * @throws IOException if the system does not say
   */
  long usableBytes(Path folder) throws IOException;

  /** What the operating system says. */
  static DiskSpace ofSystem() {
    return folder -> Files.getFileStore(folder).getUsableSpace();
  }

  /**
   * Makes sure that bytes fit, before the first is fetched.
   *
   * @param what is to be written, for the message
   * @throws LocalDiskException if they do not; where the system does not say, they are taken to fit
   */
  default void require(Path folder, long bytes, String what) throws LocalDiskException {
    long usable;
    try {
      usable = usableBytes(folder);
    } catch (IOException e) {
      return; // The write itself will tell.
    }
    if (usable < bytes) {
      throw new LocalDiskException(
          "Not enough disk space for "
              + what
              + ": "
              + bytes
              + " bytes are needed in "
              + folder
              + " and "
              + usable
              + " are free; free "
              + (bytes - usable)
              + " bytes or choose another folder with --home");
    }
  }
}
