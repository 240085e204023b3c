package io.yuntai.ledger.keys;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.secrets.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret under which keys are hashed: who steals the database alone can't even test a
 * guess. Safe for use by many threads.
 */
public final class Pepper {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** Never fed, only copied: looking for who implements it costs more than a short text's hash. */
  private final Mac empty;

  private Pepper(byte[] secret) {
    try {
      empty = Mac.getInstance(ALGORITHM);
      empty.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
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
      return new Pepper(
          SecretFile.of(
              file,
              BYTES,
              "The file under whose secret API keys are hashed",
              () -> {
                byte[] secret = new byte[BYTES];
                random.nextBytes(secret);
                return secret;
              }));
    } catch (IOException failure) {
      throw new DatabaseException(String.valueOf(failure.getMessage()), failure);
    }
  }

  /** HMAC-SHA-256 of a text: 32 bytes. */
  public byte[] hmac(String text) {
    try {
      Mac mac = (Mac) empty.clone();
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Encrypts under a key of its own, AES-256-GCM: nonce, then text with its tag. */
  public byte[] seal(byte[] text, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = gcm(Cipher.ENCRYPT_MODE, nonce, text);
    return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
  }

  /**
   * Decrypts what {@link #seal} gave.
   *
   * @throws DatabaseException when it is something else
   */
  public byte[] open(byte[] sealed) {
    if (sealed.length <= NONCE_BYTES) {
      throw new DatabaseException("A sealed value in the database is damaged.");
    }
    return gcm(
        Cipher.DECRYPT_MODE,
        Arrays.copyOf(sealed, NONCE_BYTES),
        Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length));
  }

  private byte[] gcm(int mode, byte[] nonce, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      SecretKeySpec key = new SecretKeySpec(hmac("sealed values"), "AES");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(text);
    } catch (AEADBadTagException e) {
      throw new DatabaseException("A sealed value in the database is damaged.", e);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
