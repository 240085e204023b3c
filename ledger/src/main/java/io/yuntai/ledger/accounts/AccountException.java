package io.yuntai.ledger.accounts;

/** What can't be entered or told, in a sentence for whoever asked. */
public final class AccountException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AccountException(String message) {
    super(message);
  }
}
