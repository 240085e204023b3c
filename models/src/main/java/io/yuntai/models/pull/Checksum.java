package io.yuntai.models.pull;

import io.yuntai.models.pull.PullEvent.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a file, with progress and an end on interrupt. */
final class Checksum {
  private static final int BUFFER_BYTES = 1 << 20;

  private Checksum() {}

  static String sha256(Path file, ProgressMeter meter) throws IOException, InterruptedException {
    return sha256(file, newDigest(), meter);
  }

  /**
   * @param also gets the same bytes
   */
  static String sha256(Path file, MessageDigest also, ProgressMeter meter)
      throws IOException, InterruptedException {
    MessageDigest digest = newDigest();
    meter.start(Phase.VERIFY, 0, Files.size(file));
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        digest.update(buffer, 0, count);
        also.update(buffer, 0, count);
        meter.received(count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
