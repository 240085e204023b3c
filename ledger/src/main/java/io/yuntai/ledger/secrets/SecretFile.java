package io.yuntai.ledger.secrets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/** A file of a fixed size with a secret. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * Reads the file, and makes it first if there is none.
   *
   * @param bytes its size
   * @param purpose for the message: {@code the file under whose secret API keys are hashed}
   * @throws IOException when it can't be read or made, or has another size; the message names it
   */
  public static byte[] of(Path file, int bytes, String purpose, Supplier<byte[]> secret)
      throws IOException {
    byte[] content;
    try {
      if (!Files.exists(file)) {
        create(file, secret.get());
      }
      content = Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new IOException(
          purpose
              + " ("
              + file
              + ") can't be read or made: "
              + failure.getClass().getSimpleName()
              + ": "
              + failure.getMessage(),
          failure);
    }
    if (content.length != bytes) {
      throw new IOException(
          purpose
              + " ("
              + file
              + ") has "
              + content.length
              + " bytes instead of "
              + bytes
              + ": restore it from a backup.");
    }
    return content;
  }

  /** Whole or not at all, and by one process only: the first link to the final name wins. */
  private static void create(Path file, byte[] secret) throws IOException {
    Path folder = file.resolveSibling("");
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path temporary = Files.createTempFile(folder, "secret.new-", ""); // private by default
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(secret);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException quicker) {
      // Another process made it in this moment: its secret is the one.
    } finally {
      Files.delete(temporary);
    }
  }
}
