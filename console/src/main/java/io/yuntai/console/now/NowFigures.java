package io.yuntai.console.now;

import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.Spending;
import io.yuntai.ledger.usage.UsageStep;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.standing.Vitals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The four figures of the page Now. What the database is asked for is kept for a moment, so that a
 * hundred who look cost as much as one.
 */
public final class NowFigures {
  private static final Duration KEPT = Duration.ofMillis(800);
  private static final int MOST_KEPT = 1_000;

  /**
   * A figure.
   *
   * @param id in the page
   * @param age what it is of, and how old
   * @param proof where it can be checked; empty for nowhere
   */
  public record Figure(
      String id, String label, String value, String unit, String age, String proof) {}

  private record Sums(Instant at, List<Spending.Revenue> spent, long requests, double tokens) {}

  private final ConsoleServices services;
  private final Map<String, Sums> sums = new ConcurrentHashMap<>();

  NowFigures(ConsoleServices services) {
    this.services = services;
  }

  List<Figure> of(Visit visit) {
    return visit.operates() ? ofServer(visit) : ofTenant(visit);
  }

  private List<Figure> ofServer(Visit visit) {
    Formats formats = visit.ui().formats();
    Vitals.Look look = services.standing().vitals().now();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "now-speed",
            visit.text("now.speed"),
            formats.decimal(look.tokensPerSecond(), 1),
            visit.text("now.speed.unit"),
            visit.text("now.speed.age"),
            "/console/requests"));
    figures.add(new FirstTokens(services).figure(visit, 0));
    figures.add(spent(visit, sumsOf(visit)));
    figures.add(
        new Figure(
            "now-room",
            visit.text("now.room"),
            formats.decimal(100 * (1 - look.kvUsedShare()), 0),
            "%",
            visit.text(
                "now.room.age", formats.count(look.running()), formats.count(look.waiting())),
            "/console/models"));
    return figures;
  }

  private List<Figure> ofTenant(Visit visit) {
    Formats formats = visit.ui().formats();
    Sums now = sumsOf(visit);
    return List.of(
        new Figure(
            "now-speed",
            visit.text("now.speed"),
            formats.decimal(now.tokens() / 60, 1),
            visit.text("now.speed.unit"),
            visit.text("now.speed.minute"),
            "/console/requests"),
        new FirstTokens(services).figure(visit, visit.tenant().id()),
        spent(visit, now),
        new Figure(
            "now-room",
            visit.text("now.requests"),
            formats.count(now.requests()),
            "",
            visit.text("now.today"),
            "/console/requests"));
  }

  private static Figure spent(Visit visit, Sums now) {
    Formats formats = visit.ui().formats();
    String value =
        now.spent().stream()
            .map(one -> formats.money(one.amount(), one.currency(), 4))
            .collect(Collectors.joining(" + "));
    return new Figure(
        "now-spend",
        visit.text(visit.operates() ? "now.revenue" : "now.spend"),
        value.isEmpty() ? "0" : value,
        "",
        visit.text("now.today"),
        "/console/money");
  }

  private Sums sumsOf(Visit visit) {
    String key = visit.operates() ? "" : visit.tenant().name();
    Instant now = services.clock().instant();
    Sums known = sums.get(key);
    if (known != null && known.at().plus(KEPT).isAfter(now)) {
      return known;
    }
    if (sums.size() > MOST_KEPT) {
      sums.clear();
    }
    Sums fresh = visit.operates() ? ofAll(visit, now) : ofOne(visit.tenant(), now);
    sums.put(key, fresh);
    return fresh;
  }

  private Sums ofAll(Visit visit, Instant now) {
    Instant today = midnight(now, visit.ui().formats().zone());
    return new Sums(now, services.admin().spending().sinceByCurrency(today), 0, 0);
  }

  private Sums ofOne(Organisation org, Instant now) {
    Spending spending = services.admin().spending();
    Instant today = midnight(now, org.timeZone());
    BigDecimal spent = spending.since(org, today);
    Instant end = now.plusSeconds(1);
    long requests =
        spending.steps(org, today, end, Duration.ofDays(2)).stream()
            .mapToLong(UsageStep::requests)
            .sum();
    double tokens =
        spending.steps(org, end.minusSeconds(60), end, Duration.ofMinutes(2)).stream()
            .mapToLong(UsageStep::tokens)
            .sum();
    return new Sums(now, List.of(new Spending.Revenue(org.currency(), spent)), requests, tokens);
  }

  static Instant midnight(Instant now, ZoneId zone) {
    return now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  /** The last day, in quarters of an hour. */
  List<UsageStep> strip(Visit visit) {
    Instant end =
        services.clock().instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    return services
        .admin()
        .spending()
        .steps(
            visit.operates() ? null : visit.tenant(),
            end.minus(Duration.ofHours(24)),
            end,
            Duration.ofMinutes(15));
  }
}
