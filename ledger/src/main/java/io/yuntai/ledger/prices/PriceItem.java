package io.yuntai.ledger.prices;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One price of a book: of a unit, in a service class, within a tier, a time and a part of the day.
 *
 * @param sku see {@link Sku}
 * @param tierFrom the first length or unit of the tier, 0 for the lowest
 * @param tierTo the first that is above it, {@code Long.MAX_VALUE} for none
 * @param validFrom null for the book's beginning
 * @param validUntil null for without end
 * @param pricePico of one unit
 */
public record PriceItem(
    String sku,
    Meter meter,
    ServiceClass serviceClass,
    TierRule rule,
    long tierFrom,
    long tierTo,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    DayBand band,
    long pricePico) {

  /** A single price for all lengths and times. */
  public static PriceItem flat(String sku, Meter meter, ServiceClass serviceClass, long pricePico) {
    return new PriceItem(
        sku,
        meter,
        serviceClass,
        TierRule.FLAT,
        0,
        Long.MAX_VALUE,
        null,
        null,
        DayBand.ALL_DAY,
        pricePico);
  }

  boolean validAt(Instant at) {
    return (validFrom == null || !at.isBefore(validFrom))
        && (validUntil == null || at.isBefore(validUntil));
  }
}
