package io.yuntai.console.requests;

import io.yuntai.ledger.requests.RequestFilter;
import io.yuntai.server.http.FormFields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The filter bar: what the address says, as the log reads it. What can't be read lets all through.
 */
final class Filters {
  private static final Duration USUAL = Duration.ofHours(24);

  private Filters() {}

  /**
   * The filter of an address.
   *
   * @param zone in which its times are
   */
  static RequestFilter of(FormFields query, Instant now, ZoneId zone) {
    Optional<Instant> from = time(query.text("from"), zone);
    Optional<Instant> to = time(query.text("to"), zone).filter(end -> !end.isBefore(Instant.EPOCH));
    Instant begin = from.orElse(to.orElse(now).minus(span(query.text("span"))));
    Instant end = to.orElse(now.plusSeconds(1));
    if (!begin.isBefore(end)) {
      begin = end.minus(USUAL);
    }
    return new RequestFilter(
        Optional.of(begin),
        Optional.of(end),
        text(query, "project"),
        text(query, "key"),
        text(query, "person"),
        text(query, "model"),
        text(query, "dialect"),
        query.text("status").matches("[1-5][0-9]{2}")
            ? OptionalInt.of(Integer.parseInt(query.text("status")))
            : OptionalInt.empty(),
        switch (query.text("outcome")) {
          case "failed" -> Optional.of(true);
          case "ok" -> Optional.of(false);
          default -> Optional.empty();
        },
        text(query, "error"),
        switch (query.text("streamed")) {
          case "yes" -> Optional.of(true);
          case "no" -> Optional.of(false);
          default -> Optional.empty();
        },
        query.text("slower").matches("[0-9]{1,7}")
            ? OptionalLong.of(Long.parseLong(query.text("slower")) * 1000)
            : OptionalLong.empty());
  }

  private static Duration span(String text) {
    return switch (text) {
      case "1h" -> Duration.ofHours(1);
      case "7d" -> Duration.ofDays(7);
      case "30d" -> Duration.ofDays(30);
      default -> USUAL;
    };
  }

  private static Optional<String> text(FormFields query, String name) {
    return query.first(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  /** A day, a local time as browsers send it, or an instant. */
  private static Optional<Instant> time(String text, ZoneId zone) {
    try {
      return switch (text.length()) {
        case 0 -> Optional.empty();
        case 10 -> Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
        default ->
            text.endsWith("Z")
                ? Optional.of(Instant.parse(text))
                : Optional.of(LocalDateTime.parse(text).atZone(zone).toInstant());
      };
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
