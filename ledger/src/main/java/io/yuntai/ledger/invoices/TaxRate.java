package io.yuntai.ledger.invoices;

import io.yuntai.ledger.money.Ratio;

/**
 * A tax on the sum of an invoice.
 *
 * @param name as it stands on the invoice: {@code VAT}
 */
public record TaxRate(String name, Ratio rate) {}
