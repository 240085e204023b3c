package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.EntryHash;
import io.yuntai.ledger.chain.Leaf;
import io.yuntai.ledger.prices.MeteredTokens;

/** What of a usage record is hashed into its entry: all that is kept of it. */
public final class UsageLeaf {
  private UsageLeaf() {}

  /** The leaf's bytes; {@code docs/ledger.md} lists them. */
  public static byte[] of(UsageRecord record) {
    MeteredTokens tokens = record.tokens();
    return new Leaf('U')
        .put64(record.requestId().getMostSignificantBits())
        .put64(record.requestId().getLeastSignificantBits())
        .put64(record.orgId())
        .put64(record.projectId())
        .put64(record.userId())
        .put64(record.keyId())
        .put64(EntryHash.micros(record.at()))
        .put64(record.rateCardId())
        .put64(record.amountNano())
        .put16(record.residuePico())
        .put32(tokens.input())
        .put32(tokens.cacheHit())
        .put32(tokens.cacheWrite())
        .put32(tokens.output())
        .put32(tokens.reasoning())
        .put16(record.serviceClass().code())
        .put16(record.status().code())
        .put(record.model())
        .bytes();
  }
}
