package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.Ratio;
import org.jspecify.annotations.Nullable;

/**
 * A factor on prices of a book: batch at 50 %, cached tokens at 10 %, nights at 20 %.
 *
 * <p>Of all that fit a price, those of one group do not stack: the one with the lowest rank counts.
 * Those of different groups multiply.
 *
 * @param sku which models, see {@link Sku}
 * @param meter null for all
 * @param serviceClass null for all
 * @param factor 1 leaves the price
 * @param group at most 40 letters
 * @param rank from 0
 */
public record Adjustment(
    String sku,
    @Nullable Meter meter,
    @Nullable ServiceClass serviceClass,
    DayBand band,
    Ratio factor,
    String group,
    int rank) {

  boolean fits(String model, Meter ofMeter, ServiceClass ofClass, int minute) {
    return Sku.fits(sku, model)
        && (meter == null || meter == ofMeter)
        && (serviceClass == null || serviceClass == ofClass)
        && band.contains(minute);
  }
}
