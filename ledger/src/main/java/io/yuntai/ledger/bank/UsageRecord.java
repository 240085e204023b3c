package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What one request used, and what that costs.
 *
 * @param requestId a version-7 UUID: its time says on which day it is kept, and it is unique for
 *     ever
 * @param at when the request was authorised, by the database's clock; it belongs to the windows of
 *     that instant
 * @param model the model's name, at most 200 characters
 * @param rateCardId the prices that it was rated with, 0 when it has none
 * @param amountNano the exact price's whole nano of the organisation's currency, not negative
 * @param residuePico the rest of the exact price, 0..999
 * @param draws what was taken from which lease, at most {@link #MAX_DRAWS}: usually one for each
 *     counter of the plan, more where leases ran out under way
 */
public record UsageRecord(
    UUID requestId,
    long orgId,
    long projectId,
    long userId,
    long keyId,
    Instant at,
    String model,
    long rateCardId,
    ServiceClass serviceClass,
    MeteredTokens tokens,
    long amountNano,
    int residuePico,
    UsageStatus status,
    List<Draw> draws) {
  /** Most draws of one request. */
  public static final int MAX_DRAWS = 120;

  /** Copies the draws and bounds them; whether the rest makes sense the bank judges. */
  public UsageRecord {
    draws = List.copyOf(draws);
    if (draws.size() > MAX_DRAWS) {
      throw new IllegalArgumentException(
          "request " + requestId + " has " + draws.size() + " draws, more than " + MAX_DRAWS);
    }
  }
}
