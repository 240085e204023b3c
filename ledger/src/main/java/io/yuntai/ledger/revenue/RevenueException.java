package io.yuntai.ledger.revenue;

/** What can't be reported, in a sentence for whoever asked. */
public final class RevenueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RevenueException(String message) {
    super(message);
  }
}
