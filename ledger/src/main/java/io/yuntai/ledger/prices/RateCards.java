package io.yuntai.ledger.prices;

import java.time.Instant;

/** Where rate cards come from. */
public interface RateCards {
  /**
   * The card that an organisation's requests are rated by at an instant: compiled and kept when it
   * is asked for first, {@link RateCard#free} when the organisation has no prices.
   */
  RateCard current(long orgId, Instant at);

  /**
   * The card that usage cites.
   *
   * @throws IllegalArgumentException when there is none
   */
  RateCard cited(long cardId);
}
