package io.yuntai.ledger.journal;

import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageRecord;
import java.util.UUID;

/** What a journal holds. */
sealed interface Entry {
  /** What a request has used so far; of several of one request the last counts. */
  record Usage(UsageRecord record) implements Entry {
    @Override
    public Key key() {
      return new Key(record.requestId(), Key.GATEWAY);
    }
  }

  /** What an engine did for a request. */
  record Receipt(EngineReceipt receipt) implements Entry {
    @Override
    public Key key() {
      return new Key(receipt.requestId(), receipt.attempt());
    }
  }

  /** What it is of. */
  Key key();

  /**
   * A witness of a request.
   *
   * @param witness {@link #GATEWAY}, or the engine's attempt
   */
  record Key(UUID requestId, int witness) {
    static final int GATEWAY = -1;
  }
}
