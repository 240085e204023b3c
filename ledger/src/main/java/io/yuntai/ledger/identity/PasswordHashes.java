package io.yuntai.ledger.identity;

import io.yuntai.ledger.identity.SignInException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id (RFC 9106) with 19 MiB and two passes, which is what OWASP's password
 * storage cheat sheet asks for at least. Texts are those of the reference implementation: {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}.
 *
 * <p>Each hash takes its memory while it is computed, so only a few are computed at once, a bounded
 * number waits, and all others are told to come again: a flood of sign-ins can't exhaust memory.
 * Safe for use by many threads.
 */
public final class PasswordHashes {
  private static final int MEMORY_KIB = 19 << 10;
  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MAX_WAITING = 64;
  private static final int MAX_WAIT_SECONDS = 10;
  private static final int BUSY_RETRY_SECONDS = 5;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,6}),t=([0-9]{1,2}),p=([1-4])"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /** What a damaged row may ask for at most. */
  private static final int MAX_MEMORY_KIB = 256 << 10;

  private final SecureRandom random;
  private final Semaphore computing;
  private final Semaphore places;
  private final String nobodys;

  /**
   * @param atOnce how many are computed at the same time, each with 19 MiB
   */
  public PasswordHashes(SecureRandom random, int atOnce) {
    this(random, atOnce, MAX_WAITING);
  }

  PasswordHashes(SecureRandom random, int atOnce, int waiting) {
    this.random = random;
    this.computing = new Semaphore(atOnce, true);
    this.places = new Semaphore(atOnce + waiting);
    byte[] noise = new byte[SALT_BYTES + HASH_BYTES];
    random.nextBytes(noise);
    this.nobodys =
        phc(
            java.util.Arrays.copyOf(noise, SALT_BYTES),
            java.util.Arrays.copyOfRange(noise, SALT_BYTES, noise.length));
  }

  /** For a server on this machine: half of its cores, at most four. */
  public static PasswordHashes ofMachine(SecureRandom random) {
    return new PasswordHashes(
        random, Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4));
  }

  /**
   * Hashes a password with a salt of its own.
   *
   * @throws SignInException when too many are being computed
   */
  public String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return phc(salt, compute(password, salt, MEMORY_KIB, PASSES, 1, HASH_BYTES));
  }

  private static String phc(byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(MEMORY_KIB, PASSES, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /**
   * Whether a password is the one that was hashed.
   *
   * @param hash what {@link #hash} gave, or another program's Argon2id; anything else fits nothing
   * @throws SignInException when too many are being computed
   */
  public boolean fits(String password, String hash) {
    Matcher parts = PHC.matcher(hash);
    if (!parts.matches()) {
      return false;
    }
    int memoryKib = Integer.parseInt(parts.group(1));
    int passes = Integer.parseInt(parts.group(2));
    int lanes = Integer.parseInt(parts.group(3));
    if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY_KIB || passes < 1) {
      return false;
    }
    byte[] salt;
    byte[] expected;
    try {
      salt = Base64.getDecoder().decode(parts.group(4));
      expected = Base64.getDecoder().decode(parts.group(5));
    } catch (IllegalArgumentException e) {
      return false;
    }
    return MessageDigest.isEqual(
        expected, compute(password, salt, memoryKib, passes, lanes, expected.length));
  }

  /** Takes as long as {@link #fits} for somebody who has no password: so nobody learns who has. */
  void fitsNobody(String password) {
    boolean _ = fits(password, nobodys);
  }

  /** Whether it was made with less than what is asked for now. */
  boolean isWeaker(String hash) {
    return !hash.startsWith("$argon2id$v=19$m=%d,t=%d,p=1$".formatted(MEMORY_KIB, PASSES));
  }

  private byte[] compute(
      String password, byte[] salt, int memoryKib, int passes, int lanes, int bytes) {
    if (!places.tryAcquire()) {
      throw busy();
    }
    try {
      if (!computing.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw busy();
      }
      try {
        return argon2id(password, salt, memoryKib, passes, lanes, bytes);
      } finally {
        computing.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      places.release();
    }
  }

  private static byte[] argon2id(
      String password, byte[] salt, int memoryKib, int passes, int lanes, int bytes) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[bytes];
    // As the same person types it on another keyboard (NIST SP 800-63B, 3.1.1.2).
    String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
    generator.generateBytes(normal.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }

  private static SignInException busy() {
    return new SignInException(
        Reason.BUSY,
        "Too many people are signing in just now: try again in a few seconds.",
        BUSY_RETRY_SECONDS);
  }
}
