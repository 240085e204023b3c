package io.yuntai.ledger.prices;

import java.time.Instant;
import java.util.Optional;

/**
 * All prices that an organisation pays during a time, with every discount already in them: compiled
 * from a price book and a contract, hashed, and never changed. A row of usage cites its card's id;
 * card, model, service class, instant of authorisation and counts give its amount again at any
 * later time.
 */
public interface RateCard {
  /** Of an organisation without prices: every model costs nothing. Its id is 0. */
  static RateCard free() {
    return FreeRateCard.INSTANCE;
  }

  /** The id by which usage cites it; 0 for {@link #free}. */
  long id();

  /** ISO 4217. */
  String currency();

  /** The SHA-256 of its canonical body, in hexadecimal. */
  String sha256();

  /** The first instant at which it holds. */
  Instant from();

  /** The first instant at which it no longer holds; a new card must be asked for then. */
  Instant until();

  /**
   * The prices of a request, by the instant of its authorisation; they stay the same while it runs.
   * Empty when the card has no price for the model, so that it must not be served.
   */
  Optional<Rates> rates(String model, ServiceClass serviceClass, Instant at);
}
