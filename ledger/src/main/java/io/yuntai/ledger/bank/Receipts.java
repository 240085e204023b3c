package io.yuntai.ledger.bank;

import java.util.List;

/**
 * The second witness: what engines say they computed, kept apart from what gateways say they
 * served. Safe for use by many threads.
 */
public interface Receipts {
  /** Keeps receipts; one that is there already (same request and attempt) is passed over. */
  void keep(List<EngineReceipt> receipts);
}
