package io.yuntai.ledger.invoices;

/**
 * How much a month used of something whose price goes by that.
 *
 * @param month {@code 2026-11}, by the clock of the price book
 * @param price sku, service class and meter
 */
public record MonthUnits(String month, String price, long units) {}
