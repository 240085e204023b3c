package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.IsoCurrency;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Rate cards for tests of other packages. */
public final class TestCards {
  private TestCards() {}

  /** The card of a price list in CNY at an instant; its id is 1. */
  public static RateCard card(String zone, String from, String prices, Instant at) {
    Instant start = Instant.parse(from);
    PriceBook book =
        PriceListCsv.read("list", IsoCurrency.of("CNY"), ZoneId.of(zone), start, prices);
    Contract contract = new Contract(7, "list", start, null, List.of());
    return new CompiledCard(1, CardCompiler.compile(book, contract, at, null));
  }

  /** A card that was kept as text. */
  public static RateCard read(String text) {
    return new CompiledCard(1, CardText.read(text));
  }

  /** A card as it is kept. */
  public static String text(RateCard card) {
    return CardText.write(((CompiledCard) card).body());
  }
}
