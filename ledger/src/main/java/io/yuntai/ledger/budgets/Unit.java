package io.yuntai.ledger.budgets;

import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;

/** What a budget counts. */
public enum Unit {
  /** Nano (10<sup>-9</sup>) of the organisation's currency. */
  MONEY,
  /** Tokens, those of prompts and those made. */
  TOKENS,
  /** Requests that were let in. */
  REQUESTS,
  /** Requests under way at once; a request gives its one back when it ends. */
  PARALLEL;

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of this name. */
  public static Unit of(String label) {
    for (Unit unit : values()) {
      if (unit.label().equals(label)) {
        return unit;
      }
    }
    throw RefusedException.invalid(
        "unit",
        "'%s' is no unit: there are money, tokens, requests and parallel."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}
