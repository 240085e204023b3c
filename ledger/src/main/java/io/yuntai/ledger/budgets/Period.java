package io.yuntai.ledger.budgets;

import io.yuntai.ledger.tenancy.RefusedException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * How long each window of a budget is. Windows of a period tile time: each begins where the one
 * before ends, and every instant is in exactly one.
 *
 * <p>Minutes and hours are of equal length whatever the clocks do. Days, weeks (from Monday) and
 * months are those of a calendar in a time zone: a day on which clocks change has 23 or 25 hours,
 * and a date that a zone left out has no window.
 */
public enum Period {
  MINUTE,
  HOUR,
  DAY,
  WEEK,
  MONTH,
  TOTAL;

  /** The window that an instant is in. */
  public Window containing(Instant at, ZoneId zone) {
    return switch (this) {
      case MINUTE -> fixed(at, Duration.ofMinutes(1));
      case HOUR -> fixed(at, Duration.ofHours(1));
      case DAY, WEEK, MONTH -> calendar(at, zone);
      case TOTAL -> Window.ALWAYS;
    };
  }

  private static Window fixed(Instant at, Duration length) {
    long seconds = length.toSeconds();
    Instant from = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    return new Window(from, from.plus(length));
  }

  /**
   * Where clocks go back over midnight, a local date comes twice: its first beginning counts, and
   * the instants of its second coming belong to the next date, which has begun before them.
   */
  private Window calendar(Instant at, ZoneId zone) {
    LocalDate first = firstDate(at.atZone(zone).toLocalDate());
    while (at.isBefore(begin(first, zone))) {
      first = previous(first);
    }
    while (!at.isBefore(begin(next(first), zone))) {
      first = next(first);
    }
    return new Window(begin(first, zone), begin(next(first), zone));
  }

  private LocalDate firstDate(LocalDate date) {
    return switch (this) {
      case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> date.withDayOfMonth(1);
      default -> date;
    };
  }

  private LocalDate next(LocalDate first) {
    return switch (this) {
      case WEEK -> first.plusWeeks(1);
      case MONTH -> first.plusMonths(1);
      default -> first.plusDays(1);
    };
  }

  private LocalDate previous(LocalDate first) {
    return switch (this) {
      case WEEK -> first.minusWeeks(1);
      case MONTH -> first.minusMonths(1);
      default -> first.minusDays(1);
    };
  }

  private static Instant begin(LocalDate date, ZoneId zone) {
    return date.atStartOfDay(zone).toInstant();
  }

  /** The name in APIs and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The period of this name. */
  public static Period of(String label) {
    for (Period period : values()) {
      if (period.label().equals(label)) {
        return period;
      }
    }
    throw RefusedException.invalid(
        "period",
        "'%s' is no period: there are minute, hour, day, week, month and total."
            .formatted(label.length() <= 40 ? label : "..."));
  }
}
