package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.Leaf;

/** What an entry of the ledger took from a grant of credit. */
public record CreditEntry(long grantId, long amountNano) {
  /** The leaf's bytes; {@code docs/ledger.md} lists them. */
  public byte[] leaf() {
    return new Leaf('G').put64(grantId).put64(amountNano).bytes();
  }
}
