package io.yuntai.ledger.prices;

/**
 * What a price may be. A token costs at most ten major units, ten million for a million tokens, and
 * with at most {@link MeteredTokens#MAX_COUNT} of each of five kinds the charge of a request is
 * below 2<sup>63</sup> nanos by shape.
 */
final class PriceLimits {
  /** 10 major units. */
  static final long MAX_TOKEN_PICO = 10_000_000_000_000L;

  /** Of an image, a GPU millisecond and so on: 100,000 major units. */
  static final long MAX_UNIT_PICO = 100_000_000_000_000_000L;

  private PriceLimits() {}

  static long largest(Meter meter) {
    return meter.countsTokens() ? MAX_TOKEN_PICO : MAX_UNIT_PICO;
  }
}
