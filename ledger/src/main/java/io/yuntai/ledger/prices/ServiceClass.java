package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.Arrays;

/** How soon a request is served. The order is that of the numbers in the database: append only. */
public enum ServiceClass {
  /** At once. */
  REALTIME("rt"),
  /** Within a day, from a batch file. */
  BATCH("batch"),
  /** At once and before others. */
  PRIORITY("priority");

  private final String text;

  ServiceClass(String text) {
    this.text = text;
  }

  /** As in price lists and the database: {@code rt}. */
  public String text() {
    return text;
  }

  /**
   * The class of a {@link #text}.
   *
   * @throws MoneyException when there is none
   */
  public static ServiceClass of(String text) {
    return Arrays.stream(values())
        .filter(one -> one.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new MoneyException(
                "Unknown service class '" + text + "': it must be rt, batch or priority."));
  }
}
