package io.yuntai.ledger.chain;

import io.yuntai.ledger.secrets.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * The Ed25519 key under which a server signs the roots of its ledger. Safe for use by many threads.
 */
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";

  /** PKCS #8 and X.509 of an Ed25519 key, without attributes (RFC 8410). */
  private static final int PRIVATE_BYTES = 48;

  private static final int PUBLIC_BYTES = 44;

  private final PrivateKey secret;
  private final byte[] publicKey;

  private SigningKey(PrivateKey secret, byte[] publicKey) {
    this.secret = secret;
    this.publicKey = publicKey;
  }

  /**
   * Reads the key of this home ({@code keys/ledger}), and makes it first if there is none. Whoever
   * loses it signs with another from then on; whoever steals it can sign other roots, but not
   * change those that tenants have.
   *
   * @throws IOException when it can't be read or made, or is no such key; the message says it
   */
  public static SigningKey of(Path home) throws IOException {
    Path file = home.resolve("keys").resolve("ledger");
    byte[] both =
        SecretFile.of(
            file,
            PRIVATE_BYTES + PUBLIC_BYTES,
            "The file with the key that signs the ledger",
            SigningKey::generate);
    try {
      PrivateKey secret =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(Arrays.copyOf(both, PRIVATE_BYTES)));
      return new SigningKey(secret, Arrays.copyOfRange(both, PRIVATE_BYTES, both.length));
    } catch (GeneralSecurityException damaged) {
      throw new IOException(
          "The file with the key that signs the ledger ("
              + file
              + ") is damaged: restore it from a backup.",
          damaged);
    }
  }

  private static byte[] generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return ByteBuffer.allocate(PRIVATE_BYTES + PUBLIC_BYTES)
          .put(pair.getPrivate().getEncoded())
          .put(pair.getPublic().getEncoded())
          .array();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The public key, X.509: 44 bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** The signature of these bytes: 64 bytes. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether it is the signature of these bytes under this public key. */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(publicKey)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }
}
