package io.yuntai.console.money;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A month of a tenant.
 *
 * @param month which
 * @param zone where its days begin
 */
record Months(YearMonth month, ZoneId zone) {
  private static final int OFFERED = 13;

  /**
   * The month that a text names, else the one that an instant is in.
   *
   * @param text such as {@code 2026-11}; may be anything
   */
  static Months of(String text, Instant now, ZoneId zone) {
    YearMonth current = YearMonth.from(now.atZone(zone));
    try {
      YearMonth named = text.isEmpty() ? current : YearMonth.parse(text);
      boolean sensible = named.getYear() >= 2020 && !named.isAfter(current);
      return new Months(sensible ? named : current, zone);
    } catch (DateTimeException _) {
      return new Months(current, zone);
    }
  }

  Instant from() {
    return month.atDay(1).atStartOfDay(zone).toInstant();
  }

  Instant to() {
    return month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
  }

  boolean contains(Instant at) {
    return !at.isBefore(from()) && at.isBefore(to());
  }

  /** The last months up to the one that an instant is in, the latest first. */
  static List<YearMonth> offered(Instant now, ZoneId zone) {
    YearMonth current = YearMonth.from(now.atZone(zone));
    List<YearMonth> months = new ArrayList<>();
    for (int back = 0; back < OFFERED; back++) {
      months.add(current.minusMonths(back));
    }
    return months;
  }
}
