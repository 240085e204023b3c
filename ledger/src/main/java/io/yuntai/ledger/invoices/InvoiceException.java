package io.yuntai.ledger.invoices;

/** Why an invoice can't be made, or is not what its rows give; a sentence for people. */
public final class InvoiceException extends RuntimeException {
  public InvoiceException(String message) {
    super(message);
  }

  public InvoiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
