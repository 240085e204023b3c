package io.yuntai.ledger.chain;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every JDK has. */
public final class Sha256 {
  /** Of each digest. */
  public static final int BYTES = 32;

  private Sha256() {}

  /** A fresh digest. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The digest of these bytes. */
  public static byte[] of(byte[] bytes) {
    return digest().digest(bytes);
  }
}
