package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the day, in minutes of local time since midnight.
 *
 * @param from the first minute, 0 to 1439
 * @param until the first minute after it, at most 1440
 */
public record DayBand(int from, int until) {
  public static final int MINUTES = 1440;
  public static final DayBand ALL_DAY = new DayBand(0, MINUTES);

  private static final Pattern HOURS =
      Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])");

  public DayBand {
    if (from < 0 || until > MINUTES || from >= until) {
      throw new IllegalArgumentException("minutes " + from + " to " + until);
    }
  }

  /**
   * Reads {@code 08:00-22:00}; a band over midnight such as {@code 22:00-08:00} becomes two.
   *
   * @throws MoneyException when it is no such text
   */
  public static List<DayBand> parse(String text) {
    Matcher hours = HOURS.matcher(text);
    int from = hours.matches() ? minutes(hours.group(1), hours.group(2)) : 0;
    int until = hours.matches() ? minutes(hours.group(3), hours.group(4)) : 0;
    if (!hours.matches() || until > MINUTES || from == until) {
      throw new MoneyException(
          "'" + text + "' is no part of the day: write it as 22:00-08:00 or 08:00-24:00.");
    }
    if (from < until) {
      return List.of(new DayBand(from, until));
    }
    return until == 0
        ? List.of(new DayBand(from, MINUTES))
        : List.of(new DayBand(0, until), new DayBand(from, MINUTES));
  }

  private static int minutes(String hours, String minutes) {
    return Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
  }

  boolean contains(int minute) {
    return from <= minute && minute < until;
  }

  @Override
  public String toString() {
    return clock(from) + "-" + clock(until);
  }

  private static String clock(int minute) {
    return (minute < 600 ? "0" : "") + minute / 60 + (minute % 60 < 10 ? ":0" : ":") + minute % 60;
  }
}
