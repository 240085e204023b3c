package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.DatabaseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret under which keys are hashed: who steals the database alone can't even test a
 * guess. Safe for use by many threads.
 */
public final class Pepper {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  private Pepper(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * Reads the pepper of this home ({@code keys/pepper}), and makes it first if there is none (32
   * random bytes that only their owner may read).
   *
   * @throws DatabaseException when it can't be read or has another size
   */
  public static Pepper of(Path home, SecureRandom random) {
    Path file = home.resolve("keys").resolve("pepper");
    try {
      if (!Files.exists(file)) {
        create(file, random);
      }
      if (Files.size(file) != BYTES) {
        throw new DatabaseException(
            "The file "
                + file
                + " under whose secret API keys are hashed has "
                + Files.size(file)
                + " bytes instead of "
                + BYTES
                + ": restore it from a backup.");
      }
      return new Pepper(Files.readAllBytes(file));
    } catch (IOException failure) {
      throw new DatabaseException(
          "The file "
              + file
              + " under whose secret API keys are hashed can't be read or made: "
              + failure.getClass().getSimpleName()
              + ": "
              + failure.getMessage(),
          failure);
    }
  }

  /** Whole or not at all, and by one process only: the first link to the final name wins. */
  private static void create(Path file, SecureRandom random) throws IOException {
    Path folder = file.resolveSibling("");
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    Path temporary = Files.createTempFile(folder, "pepper.new-", ""); // private by default
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
      // Another process made it in this moment: its pepper is the one.
    } finally {
      Files.delete(temporary);
    }
  }

  /** HMAC-SHA-256 of a text: 32 bytes. */
  byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
