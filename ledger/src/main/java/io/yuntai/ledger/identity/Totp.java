package io.yuntai.ledger.identity;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes of six digits that change every thirty seconds (RFC 6238 on RFC 4226, with SHA-1, which is
 * what every app for phones speaks).
 */
final class Totp {
  /** Length of a secret. */
  static final int SECRET_BYTES = 20;

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int STEP_SECONDS = 30;

  /** Clocks of phones are off by some seconds. */
  private static final int STEPS_AROUND = 1;

  private static final int MODULUS = 1_000_000;

  private Totp() {}

  /**
   * The step of time that a code belongs to, near now and later than the last one that was used.
   *
   * @return empty for a wrong code
   */
  static OptionalLong step(byte[] secret, String code, Instant now, long lastUsed) {
    long middle = Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
    OptionalLong found = OptionalLong.empty();
    for (long step = middle - STEPS_AROUND; step <= middle + STEPS_AROUND; step++) {
      boolean same =
          MessageDigest.isEqual(
              code(secret, step).getBytes(StandardCharsets.US_ASCII),
              code.getBytes(StandardCharsets.UTF_8));
      if (same && step > lastUsed) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /** The code of a step. */
  static String code(byte[] secret, long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xF;
      int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & 0x7FFF_FFFF;
      return "%06d".formatted(number % MODULUS);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  /** The step of a moment. */
  static long stepAt(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
  }

  /** Base32 (RFC 4648) without padding, as people type it where no picture can be taken. */
  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte next : bytes) {
      buffer = (buffer << 8) | (next & 0xFF);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((buffer >> bits) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }

  /** What apps read from a picture. */
  static String uri(byte[] secret, String email) {
    return "otpauth://totp/Yuntai:%s?secret=%s&issuer=Yuntai&algorithm=SHA1&digits=6&period=30"
        .formatted(
            URLEncoder.encode(email, StandardCharsets.UTF_8).replace("+", "%20"), base32(secret));
  }
}
