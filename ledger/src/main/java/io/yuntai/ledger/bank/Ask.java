package io.yuntai.ledger.bank;

/**
 * A wish for a lease.
 *
 * @param counterId the counter to lease from
 * @param wanted how much at best, in the counter's unit (nano of its currency, tokens, requests)
 * @param least how much at least, 1..wanted; nothing is leased if there is less
 */
public record Ask(long counterId, long wanted, long least) {
  /** Checks the ranges. */
  public Ask {
    if (least < 1 || wanted < least) {
      throw new IllegalArgumentException(
          "an ask of counter " + counterId + " for " + wanted + ", least " + least);
    }
  }
}
