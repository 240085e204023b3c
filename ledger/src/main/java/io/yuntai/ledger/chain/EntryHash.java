package io.yuntai.ledger.chain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The hash of an entry, which names the entry before it: the chain of an organisation. */
public final class EntryHash {
  /** What the first entry of a chain names as the one before it: 32 zero bytes. */
  private static final byte[] NONE = new byte[Sha256.BYTES];

  private EntryHash() {}

  /** {@link #NONE}, a copy. */
  public static byte[] none() {
    return NONE.clone();
  }

  /**
   * SHA-256 of: the letter E, the previous entry's hash, the organisation, the number in its chain,
   * the time in microseconds since 1970 (8 bytes each), the body's Merkle root, the kind as text.
   */
  public static byte[] of(
      byte[] previous, long orgId, long seq, Instant at, byte[] bodySha, String kind) {
    return Sha256.of(
        new Leaf('E')
            .put(previous)
            .put64(orgId)
            .put64(seq)
            .put64(micros(at))
            .put(bodySha)
            .put(kind)
            .bytes());
  }

  /** Microseconds since 1970, rounded down. */
  public static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at.truncatedTo(ChronoUnit.MICROS));
  }
}
