package io.yuntai.ledger.budgets;

import java.time.Instant;

/** Says what requests draw from. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface Plans {
  /**
   * The plan of a request; usually from memory, without a look at the database.
   *
   * @param payer whose budgets it draws from
   * @param model what the request calls its model
   * @param at the instant that the request is let in, by the database's clock
   * @throws io.yuntai.ledger.database.DatabaseException when the database must be asked and can't
   *     be
   */
  RequestPlan plan(Payer payer, String model, Instant at);

  /** The plan of a key's request. */
  default RequestPlan plan(String keyPublicId, String model, Instant at) {
    return plan(new Payer.Key(keyPublicId), model, at);
  }
}
