package io.yuntai.ledger.prices;

import java.util.List;

/**
 * What a rate card says of one sku in one service class.
 *
 * @param sku see {@link Sku}
 * @param bands the parts of the day, which tile it; empty where the sku has no tokens
 * @param monthly prices that go by what a month used
 * @param units prices of what is not counted in tokens of requests
 */
public record SkuPrices(
    String sku,
    ServiceClass serviceClass,
    List<Band> bands,
    List<MonthlyPrice> monthly,
    List<UnitPrice> units) {
  /** The prices of requests within a part of the day. */
  public record Band(DayBand band, Rates rates) {}

  /**
   * The price of a unit that is no token of a request.
   *
   * @param pico of one unit
   */
  public record UnitPrice(Meter meter, DayBand band, long pico) {}

  public SkuPrices {
    bands = List.copyOf(bands);
    monthly = List.copyOf(monthly);
    units = List.copyOf(units);
  }
}
