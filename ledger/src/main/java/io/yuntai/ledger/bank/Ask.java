package io.yuntai.ledger.bank;

/**
 * A wish for a lease.
 *
 * @param counterId the counter to lease from
 * @param wanted how much at best, in the counter's unit (nano of its currency, tokens, requests)
 * @param least how much at least, 1..wanted; nothing is leased if there is less
 * @param needed how much whoever waits for the most can't do without, least..wanted; where less is
 *     leased, the counter is empty, and other gateways are asked to give back what they do not use
 */
public record Ask(long counterId, long wanted, long least, long needed) {
  /** Checks the ranges. */
  public Ask {
    if (least < 1 || needed < least || wanted < needed) {
      throw new IllegalArgumentException(
          "an ask of counter %d for %d, least %d, needed %d"
              .formatted(counterId, wanted, least, needed));
    }
  }

  /** Of one who waits alone. */
  public Ask(long counterId, long wanted, long least) {
    this(counterId, wanted, least, least);
  }
}
