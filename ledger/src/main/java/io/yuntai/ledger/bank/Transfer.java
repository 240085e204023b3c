package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.Leaf;

/**
 * Money from one account of an organisation to another.
 *
 * @param debit the account whose debit side grows
 * @param credit the account whose credit side grows
 * @param amountNano how much, positive
 */
public record Transfer(AccountKind debit, AccountKind credit, long amountNano) {
  /** Checks that it moves something. */
  public Transfer {
    if (amountNano <= 0 || debit == credit) {
      throw new IllegalArgumentException(
          "a transfer of " + amountNano + " from " + debit + " to " + credit);
    }
  }

  byte[] leaf(int line, String currency) {
    return leaf(line, currency, debit.text(), credit.text(), amountNano);
  }

  /** The leaf's bytes; {@code docs/ledger.md} lists them. */
  public static byte[] leaf(
      int line, String currency, String debit, String credit, long amountNano) {
    return new Leaf('T').put16(line).put(currency).put(debit).put(credit).put64(amountNano).bytes();
  }
}
