package io.yuntai.ledger.leases;

import io.yuntai.ledger.budgets.Unit;

/**
 * What a request used in the end.
 *
 * @param nano whole nano of its currency, rounded down
 * @param tokens of prompts and answers
 * @param requests 1, or 0 for one that came to nothing
 */
public record Spent(long nano, long tokens, long requests) {
  /** Nothing at all. */
  public static final Spent NOTHING = new Spent(0, 0, 0);

  /** Checks the ranges. */
  public Spent {
    if (nano < 0 || tokens < 0 || requests < 0) {
      throw new IllegalArgumentException(
          "spent " + nano + " nano, " + tokens + " tokens, " + requests + " requests");
    }
  }

  long amount(Unit unit) {
    return switch (unit) {
      case MONEY -> nano;
      case TOKENS -> tokens;
      case REQUESTS -> requests;
      case PARALLEL -> 0; // given back whole when the request ends
    };
  }
}
