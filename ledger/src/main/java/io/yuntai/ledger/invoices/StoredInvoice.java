package io.yuntai.ledger.invoices;

/**
 * An invoice or credit note as it is kept.
 *
 * @param body the text that was sealed
 * @param bodySha256 its hash
 */
public record StoredInvoice(Invoice invoice, String body, String bodySha256) {
  /** In one of the forms that it can leave in; the same bytes each time. */
  public byte[] export(InvoiceFormat format) {
    return format.write(this);
  }
}
