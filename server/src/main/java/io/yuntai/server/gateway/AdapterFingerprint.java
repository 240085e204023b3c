package io.yuntai.server.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an adapter's answers depend on: what those of its model do, and its own files. */
final class AdapterFingerprint {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterFingerprint.class);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int SHOWN_BYTES = 8;

  private AdapterFingerprint() {}

  /**
   * Of an adapter, as its files are now.
   *
   * @param base the model's
   * @param path a file or a folder
   */
  static Supplier<Optional<String>> of(Supplier<Optional<String>> base, Path path) {
    try {
      String own = HexFormat.of().formatHex(digest(path));
      return () -> base.get().map(name -> "fp_" + shown(name + own));
    } catch (IOException e) {
      LOG.warn("{} has no fingerprint", path, e);
      return Optional::empty;
    }
  }

  private static String shown(String text) {
    byte[] digest = newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, SHOWN_BYTES);
  }

  private static byte[] digest(Path path) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (Path file : files(path)) {
      try (InputStream in = Files.newInputStream(file)) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      }
    }
    return digest.digest();
  }

  private static List<Path> files(Path path) {
    return Files.isDirectory(path)
        ? Stream.of("adapter_config.json", "adapter_model.safetensors").map(path::resolve).toList()
        : List.of(path);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
