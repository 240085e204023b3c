package io.yuntai.ledger.budgets;

/** What a budget counts. */
public enum Unit {
  /** Nano (10<sup>-9</sup>) of the organisation's currency. */
  MONEY,
  /** Tokens, those of prompts and those made. */
  TOKENS,
  /** Requests that were let in. */
  REQUESTS,
  /** Requests under way at once; a request gives its one back when it ends. */
  PARALLEL
}
