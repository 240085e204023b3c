package io.yuntai.server.api;

import io.yuntai.ledger.budgets.Unit;
import io.yuntai.server.gateway.RateLimit;
import io.yuntai.server.http.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What an answer's headers tell of a key's limits. */
final class LimitHeaders {
  private LimitHeaders() {}

  /** By OpenAI's names; the time of reset as a duration such as {@code 6m0s}. */
  static void openAi(List<RateLimit> limits, Exchange exchange) {
    for (RateLimit limit : limits) {
      String unit = name(limit);
      exchange.header("x-ratelimit-limit-" + unit, Long.toString(limit.limit()));
      exchange.header("x-ratelimit-remaining-" + unit, Long.toString(limit.remaining()));
      if (renews(limit)) {
        exchange.header(
            "x-ratelimit-reset-" + unit,
            text(Duration.between(limit.at(), limit.resetsAt()).toMillis()));
      }
    }
  }

  /** By Anthropic's names; the time of reset as RFC 3339. */
  static void anthropic(List<RateLimit> limits, Exchange exchange) {
    for (RateLimit limit : limits) {
      String prefix = "anthropic-ratelimit-" + name(limit);
      exchange.header(prefix + "-limit", Long.toString(limit.limit()));
      exchange.header(prefix + "-remaining", Long.toString(limit.remaining()));
      if (renews(limit)) {
        exchange.header(
            prefix + "-reset", limit.resetsAt().truncatedTo(ChronoUnit.SECONDS).toString());
      }
    }
  }

  private static String name(RateLimit limit) {
    return limit.unit() == Unit.TOKENS ? "tokens" : "requests";
  }

  private static boolean renews(RateLimit limit) {
    return limit.resetsAt().isBefore(Instant.MAX);
  }

  /** Below a second in milliseconds, else in whole seconds, of which the last has begun. */
  static String text(long millis) {
    if (millis < 1000) {
      return Math.max(0, millis) + "ms";
    }
    long seconds = Math.ceilDiv(millis, 1000);
    String minutes = seconds < 60 ? "" : seconds / 60 % 60 + "m";
    return (seconds < 3600 ? "" : seconds / 3600 + "h") + minutes + seconds % 60 + "s";
  }
}
