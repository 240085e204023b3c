package io.yuntai.ledger.prices;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A zone's clock during the time of a rate card, as a list of its offsets from UTC. Cards carry it,
 * because the rules of time zones change, and what a request cost must not.
 *
 * @param zone for people
 * @param offsets by growing {@code from}; the first holds also before it
 */
public record LocalClock(String zone, List<Offset> offsets) {
  private static final int SECONDS_A_DAY = 86_400;

  /**
   * An offset.
   *
   * @param from the first second of the epoch at which it holds
   * @param seconds east of Greenwich
   */
  public record Offset(long from, int seconds) {}

  public LocalClock {
    offsets = List.copyOf(offsets);
    if (offsets.isEmpty()) {
      throw new IllegalArgumentException("a clock without an offset");
    }
  }

  /** The clock of a zone, as its rules are now. */
  public static LocalClock of(ZoneId zone, Instant from, Instant until) {
    ZoneRules rules = zone.getRules();
    List<Offset> offsets = new ArrayList<>();
    offsets.add(offset(from, rules.getOffset(from)));
    @Nullable ZoneOffsetTransition next = rules.nextTransition(from);
    while (next != null && next.getInstant().isBefore(until)) {
      offsets.add(offset(next.getInstant(), next.getOffsetAfter()));
      next = rules.nextTransition(next.getInstant());
    }
    return new LocalClock(zone.getId(), offsets);
  }

  private static Offset offset(Instant from, ZoneOffset offset) {
    return new Offset(from.getEpochSecond(), offset.getTotalSeconds());
  }

  /** The minute of the local day, 0 to 1439. */
  int minute(Instant at) {
    return Math.floorMod(localSecond(at), SECONDS_A_DAY) / 60;
  }

  /** The local month: {@code 2026-11}. */
  String month(Instant at) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(localSecond(at), SECONDS_A_DAY));
    return YearMonth.from(day).toString();
  }

  /** When the local month began that an instant is in. */
  Instant monthBegin(Instant at) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(localSecond(at), SECONDS_A_DAY));
    long local = day.withDayOfMonth(1).toEpochDay() * SECONDS_A_DAY;
    for (int index = 0; index < offsets.size(); index++) {
      Offset offset = offsets.get(index);
      // Midnight may be among the seconds that a change leaves out: then the month begins with it.
      long second = local - offset.seconds();
      second = index == 0 ? second : Math.max(second, offset.from());
      if (index == offsets.size() - 1 || second < offsets.get(index + 1).from()) {
        return Instant.ofEpochSecond(second);
      }
    }
    throw new IllegalStateException("the last offset has no end");
  }

  private long localSecond(Instant at) {
    long second = at.getEpochSecond();
    int index = offsets.size() - 1;
    while (index > 0 && offsets.get(index).from() > second) {
      index--;
    }
    return second + offsets.get(index).seconds();
  }
}
