package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.Arrays;

/** What the tiers of a price go by. */
public enum TierRule {
  /** One price, no tiers. */
  FLAT("flat"),
  /** The length of a request's prompt decides the price of all its tokens. */
  INPUT_LENGTH("input_length"),
  /** Of a month's units, those within a tier cost that tier's price. */
  GRADUATED("graduated"),
  /** A month's number of units decides the price of all of them. */
  VOLUME("volume");

  private final String text;

  TierRule(String text) {
    this.text = text;
  }

  /** As in price lists and the database. */
  public String text() {
    return text;
  }

  /** Whether it goes by what a month used, which no single request knows. */
  boolean monthly() {
    return this == GRADUATED || this == VOLUME;
  }

  /**
   * The rule of a {@link #text}.
   *
   * @throws MoneyException when there is none
   */
  public static TierRule of(String text) {
    return Arrays.stream(values())
        .filter(rule -> rule.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new MoneyException(
                "Unknown rule '"
                    + text
                    + "': it must be flat, input_length, graduated or volume."));
  }
}
