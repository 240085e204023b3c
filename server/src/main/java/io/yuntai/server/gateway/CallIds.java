package io.yuntai.server.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * Ids of calls: 9 letters and digits, because Mistral's templates take no others; all families take
 * these.
 */
final class CallIds {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final int LENGTH = 9;

  private CallIds() {}

  /** A new one. */
  static String fresh(RandomGenerator random) {
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  /** One that stands for another server's id: always the same; ours stay as they are. */
  static String standard(String id) {
    if (id.length() == LENGTH && id.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)) {
      return id;
    }
    byte[] digest;
    try {
      digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    StringBuilder standard = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      standard.append(ALPHABET.charAt((digest[i] & 0xFF) % ALPHABET.length()));
    }
    return standard.toString();
  }
}
