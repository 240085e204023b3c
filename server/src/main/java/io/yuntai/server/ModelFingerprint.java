package io.yuntai.server;

import io.yuntai.engine.NumericContract;
import io.yuntai.models.store.StoredModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a model's answers depend on beside the request: its weights, how the engine counts, how keys
 * and values are stored, and the chat template. Equal fingerprints mean equal answers to equal
 * requests with equal seeds, on any machine.
 *
 * <p>The digest of a user's own file is not known when it is loaded: it is made in the background,
 * so that no start waits for it, and until then there is no fingerprint. Safe for use by many
 * threads.
 */
final class ModelFingerprint implements Supplier<Optional<String>> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFingerprint.class);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int SHOWN_BYTES = 8;

  private final CompletableFuture<String> fingerprint;

  private ModelFingerprint(CompletableFuture<String> fingerprint) {
    this.fingerprint = fingerprint;
  }

  /**
   * Of a model.
   *
   * @param kvFormat how keys and values are stored
   * @param chatTemplate the template's source; empty for none
   */
  static ModelFingerprint of(StoredModel stored, String kvFormat, String chatTemplate) {
    String known = stored.sha256();
    if (known != null) {
      return new ModelFingerprint(
          CompletableFuture.completedFuture(name(known, kvFormat, chatTemplate)));
    }
    CompletableFuture<String> later = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("fingerprint")
        .start(() -> {
          try {
            later.complete(name(sha256(stored.file()), kvFormat, chatTemplate));
          } catch (IOException e) {
            LOG.warn("{} has no fingerprint", stored.file(), e);
          }
        });
    return new ModelFingerprint(later);
  }

  @Override
  public Optional<String> get() {
    return Optional.ofNullable(fingerprint.getNow(null));
  }

  private static String name(String weightsSha256, String kvFormat, String chatTemplate) {
    MessageDigest digest = newDigest();
    for (String part :
        new String[] {
          weightsSha256, Integer.toString(NumericContract.VERSION), kvFormat, chatTemplate
        }) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return "fp_" + HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
