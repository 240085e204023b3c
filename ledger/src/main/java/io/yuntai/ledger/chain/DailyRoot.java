package io.yuntai.ledger.chain;

import java.time.LocalDate;
import java.util.List;

/** What is signed each day: a Merkle root over the ends of all chains, and the root before. */
public final class DailyRoot {
  private DailyRoot() {}

  /** The end of an organisation's chain. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record ChainEnd(long orgId, long seq, byte[] hash) {
    byte[] leaf() {
      return new Leaf('H').put64(orgId).put64(seq).put(hash).bytes();
    }
  }

  /** The Merkle root over these ends, in the order of their organisations. */
  public static byte[] of(List<ChainEnd> ends) {
    Merkle tree = new Merkle();
    ends.forEach(end -> tree.add(end.leaf()));
    return tree.root();
  }

  /**
   * The bytes that are signed: the letter D, the days since 1970 (8 bytes), how many ends (4
   * bytes), the root before (32 zero bytes for the first), and this one.
   */
  public static byte[] message(LocalDate day, int ends, byte[] previous, byte[] root) {
    return new Leaf('D').put64(day.toEpochDay()).put32(ends).put(previous).put(root).bytes();
  }
}
