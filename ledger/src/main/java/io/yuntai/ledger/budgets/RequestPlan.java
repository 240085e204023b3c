package io.yuntai.ledger.budgets;

import java.time.Instant;
import java.util.List;

/**
 * What a request of a key for a model draws from and how it is priced. The same object is given for
 * the next request where nothing has changed, so it can be compared by identity.
 *
 * @param orgId the organisation that pays
 * @param projectId the key's project
 * @param userId whose key it is; 0 for nobody's
 * @param keyId row of the key
 * @param counters all of which must have room, at most {@link #MAX_COUNTERS}; empty where nothing
 *     limits the key
 * @param rateCardId what prices it; 0 for none, then it costs nothing
 * @param failMode what to do when counters can't be asked
 * @param validUntil the first end of a window or of its prices, at most an hour away; from then on
 *     another plan must be asked for
 */
public record RequestPlan(
    long orgId,
    long projectId,
    long userId,
    long keyId,
    List<PlannedCounter> counters,
    long rateCardId,
    FailMode failMode,
    Instant validUntil) {
  /** Most counters of one request. */
  public static final int MAX_COUNTERS = 12;

  /** Copies the list. */
  public RequestPlan {
    counters = List.copyOf(counters);
    if (counters.size() > MAX_COUNTERS) {
      throw new IllegalArgumentException(
          counters.size() + " counters are more than " + MAX_COUNTERS);
    }
  }
}
