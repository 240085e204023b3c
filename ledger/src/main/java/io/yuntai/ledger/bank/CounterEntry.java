package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.Leaf;

/**
 * What an entry of the ledger took from a counter.
 *
 * @param amount what the counter counts as settled
 * @param late what came too late for its lease: the counter does not count it
 */
public record CounterEntry(long counterId, long amount, long late) {
  /** The leaf's bytes; {@code docs/ledger.md} lists them. */
  public byte[] leaf() {
    return new Leaf('C').put64(counterId).put64(amount).put64(late).bytes();
  }
}
