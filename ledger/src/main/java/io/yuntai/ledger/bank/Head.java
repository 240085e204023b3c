package io.yuntai.ledger.bank;

import java.time.Instant;

/**
 * The end of an organisation's chain, locked by the transaction that read it.
 *
 * @param now the database's time, never before the last entry's
 * @param prepaid whether nothing is owed: what credit does not cover is the operator's loss
 */
@SuppressWarnings("ArrayRecordComponent") // of one transaction, never compared
record Head(long orgId, long seq, byte[] hash, Instant now, String currency, boolean prepaid) {
  long next() {
    return Math.addExact(seq, 1);
  }
}
