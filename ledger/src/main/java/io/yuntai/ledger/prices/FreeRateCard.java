package io.yuntai.ledger.prices;

import java.time.Instant;
import java.util.Optional;

/**
 * See {@link RateCard#free}.
 *
 * @param until when prices begin, as far as is known
 */
record FreeRateCard(Instant until) implements RateCard {
  static final FreeRateCard INSTANCE = new FreeRateCard(Instant.MAX);

  private static final String SHA256_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final Optional<Rates> FREE_RATES = Optional.of(Rates.FREE);

  @Override
  public long id() {
    return 0;
  }

  @Override
  public String currency() {
    return "XXX";
  }

  @Override
  public String sha256() {
    return SHA256_OF_NOTHING;
  }

  @Override
  public Instant from() {
    return Instant.MIN;
  }

  @Override
  public Optional<Rates> rates(String model, ServiceClass serviceClass, Instant at) {
    return FREE_RATES;
  }
}
