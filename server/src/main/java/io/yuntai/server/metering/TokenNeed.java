package io.yuntai.server.metering;

import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;

/**
 * What a request with so many prompt tokens takes of its counters.
 *
 * @param promptTokens at most {@link MeteredTokens#MAX_COUNT}
 */
record TokenNeed(long promptTokens, Rates rates) implements Need {
  @Override
  public long amount(Unit unit, long outputTokens) {
    long output = Math.min(outputTokens, MeteredTokens.MAX_COUNT);
    return switch (unit) {
      case MONEY -> rates.holdNano(promptTokens, output);
      case TOKENS -> promptTokens + output;
      case REQUESTS, PARALLEL -> 1;
    };
  }
}
