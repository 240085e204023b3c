package io.yuntai.console.now;

import io.yuntai.console.now.NowFigures.Figure;
import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.requests.RequestTimes;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long answers let people wait: the 99th percentile of the last hour's first tokens. */
final class FirstTokens {
  private static final Duration SPAN = Duration.ofHours(1);
  private static final Duration KEPT = Duration.ofSeconds(5);
  private static final int MOST_KEPT = 1_000;

  private record Known(Instant at, RequestTimes.FirstTokens times) {}

  private final ConsoleServices services;
  private final Map<Long, Known> known = new ConcurrentHashMap<>();

  FirstTokens(ConsoleServices services) {
    this.services = services;
  }

  /**
   * The figure.
   *
   * @param orgId whose; 0 for everybody's
   */
  Figure figure(Visit visit, long orgId) {
    RequestTimes.FirstTokens times = times(orgId);
    Formats formats = visit.ui().formats();
    return new Figure(
        "now-first",
        visit.text("now.first"),
        times.requests() == 0 ? "–" : formats.decimal(times.p99Micros() / 1e6, 2),
        times.requests() == 0 ? "" : "s",
        times.requests() == 0
            ? visit.text("now.first.none")
            : visit.text(
                "now.first.age",
                formats.count(times.requests()),
                formats.decimal(times.p50Micros() / 1e6, 2)),
        "/console/requests");
  }

  private RequestTimes.FirstTokens times(long orgId) {
    Instant now = services.clock().instant();
    Known before = known.get(orgId);
    if (before != null && before.at().plus(KEPT).isAfter(now)) {
      return before.times();
    }
    if (known.size() > MOST_KEPT) {
      known.clear();
    }
    RequestTimes.FirstTokens times =
        new RequestTimes(new Transactions(services.admin().database()))
            .firstTokens(orgId, now.minus(SPAN));
    known.put(orgId, new Known(now, times));
    return times;
  }
}
