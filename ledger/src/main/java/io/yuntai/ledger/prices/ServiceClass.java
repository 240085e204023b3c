package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.Arrays;

/** How soon a request is served. */
public enum ServiceClass {
  /** At once. */
  REALTIME("rt", 0),
  /** Within a day, from a batch file. */
  BATCH("batch", 1),
  /** At once and before others. */
  PRIORITY("priority", 2);

  private final String text;
  private final int code;

  ServiceClass(String text, int code) {
    this.text = text;
    this.code = code;
  }

  /** As in the rows of usage; never given to another class. */
  public int code() {
    return code;
  }

  /** As in price lists: {@code rt}. */
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

  /**
   * The class of a {@link #code}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ServiceClass ofCode(int code) {
    return Arrays.stream(values())
        .filter(one -> one.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("service class " + code));
  }
}
