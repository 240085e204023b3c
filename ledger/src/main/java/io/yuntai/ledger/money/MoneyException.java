package io.yuntai.ledger.money;

/** Something about an amount, a price or a currency that a person wrote is wrong; says what. */
public class MoneyException extends RuntimeException {
  public MoneyException(String message) {
    super(message);
  }
}
