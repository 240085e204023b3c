package io.yuntai.server.metering;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Why a request is not let in, in words. */
final class Refusals {
  /** What renews itself so soon is a rate and no budget. */
  private static final Duration RATE = Duration.ofMinutes(1);

  private static final int PARALLEL_RETRY_SECONDS = 1;

  private Refusals() {}

  /** A counter has too little left. */
  static ApiException exhausted(PlannedCounter counter, Instant now) {
    if (counter.unit() == Unit.PARALLEL) {
      return new ApiException(
          ApiError.tooMany(
              "Too many requests at once: %s is reached.".formatted(counter.label()),
              PARALLEL_RETRY_SECONDS));
    }
    if (counter.unit() != Unit.MONEY && counter.windowEnd().isBefore(now.plus(RATE))) {
      long seconds = Math.max(1, Math.ceilDiv(millisUntil(counter, now), 1000));
      return new ApiException(
          new ApiError(
              429,
              counter.unit() == Unit.TOKENS ? "tokens" : "requests",
              Optional.of("rate_limit_exceeded"),
              "Rate limit reached: %s. Try again in %d s.".formatted(counter.label(), seconds),
              Optional.empty(),
              OptionalInt.of((int) seconds)));
    }
    return new ApiException(
        new ApiError(
            429,
            "insufficient_quota",
            Optional.of("insufficient_quota"),
            "You exceeded your current quota: too little is left of %s.%s"
                .formatted(
                    counter.label(),
                    counter.windowEnd().equals(Instant.MAX)
                        ? ""
                        : " It begins anew at " + counter.windowEnd() + "."),
            Optional.empty(),
            OptionalInt.empty()));
  }

  private static long millisUntil(PlannedCounter counter, Instant now) {
    return Duration.between(now, counter.windowEnd()).toMillis();
  }

  /** Nobody can say what is left. */
  static ApiException unavailable() {
    return new ApiException(
        ApiError.unavailable(
            "budget_unavailable",
            "What is left of your budget can't be looked up now; try again shortly.",
            2));
  }

  /** What it would use could not be kept. */
  static ApiException overloaded() {
    return new ApiException(
        ApiError.unavailable(
            "ledger_overloaded",
            "Usage can't be recorded now, so no further request is served; try again shortly.",
            5));
  }

  /** Its organisation has prices, but none for this. */
  static ApiException unpriced(String model) {
    return new ApiException(
        ApiError.invalidRequest(
            403,
            "model_not_allowed",
            "The model `%s` has no price for your organisation, so it can't be used."
                .formatted(model)));
  }
}
