package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.IsoCurrency;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * A price list. Published ones never change; the next of the same name takes the place of the last
 * at its {@code effectiveFrom}.
 *
 * @param name small letters, digits and hyphens
 * @param zone whose clock the parts of the day go by
 * @param effectiveFrom the first instant at which it holds
 */
public record PriceBook(
    String name,
    IsoCurrency currency,
    ZoneId zone,
    Instant effectiveFrom,
    List<PriceItem> items,
    List<Adjustment> adjustments) {
  public PriceBook {
    items = List.copyOf(items);
    adjustments = List.copyOf(adjustments);
  }

  /** The same prices from another instant on. */
  public PriceBook from(Instant instant) {
    return new PriceBook(name, currency, zone, instant, items, adjustments);
  }
}
