package io.yuntai.console.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.Locale;

/**
 * Numbers, money and times as a person's language writes them.
 *
 * @param language whose
 * @param zone where the person is
 */
public record Formats(Language language, ZoneId zone) {
  private static final int NANO_DIGITS = 9;
  private static final ZoneId UTC = ZoneId.of("UTC");

  /**
   * The zone of this name, as a browser tells it; UTC for none that is known.
   *
   * @param name may be empty
   */
  public static ZoneId zone(String name) {
    try {
      return name.isEmpty() || name.length() > 64 ? UTC : ZoneId.of(name);
    } catch (DateTimeException _) {
      return UTC;
    }
  }

  private Locale locale() {
    return language.locale();
  }

  /** A count. */
  public String count(long value) {
    return NumberFormat.getIntegerInstance(locale()).format(value);
  }

  /** A measured value, rounded half up to so many places. */
  public String decimal(double value, int places) {
    NumberFormat format = NumberFormat.getNumberInstance(locale());
    format.setMinimumFractionDigits(places);
    format.setMaximumFractionDigits(places);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(value);
  }

  /** A part of one, in per cent with one place. */
  public String percent(double part) {
    NumberFormat format = NumberFormat.getPercentInstance(locale());
    format.setMaximumFractionDigits(1);
    return format.format(part);
  }

  /**
   * Money, with all the places that it has beyond the currency's own.
   *
   * @param nano in billionths of the currency's unit
   * @param currency three letters of ISO 4217
   */
  public String money(long nano, String currency) {
    return money(nano, currency, NANO_DIGITS);
  }

  /**
   * Money, with at most so many places.
   *
   * @param nano in billionths of the currency's unit
   * @param currency three letters of ISO 4217
   */
  public String money(long nano, String currency, int mostPlaces) {
    return money(BigDecimal.valueOf(nano, NANO_DIGITS), currency, mostPlaces);
  }

  /**
   * Money, exactly as far as it has places, at most so many.
   *
   * @param amount in the currency's unit
   * @param currency three letters of ISO 4217
   */
  public String money(BigDecimal amount, String currency, int mostPlaces) {
    Currency unit = Currency.getInstance(currency);
    NumberFormat format = NumberFormat.getCurrencyInstance(locale());
    format.setCurrency(unit);
    int usual = Math.max(unit.getDefaultFractionDigits(), 0);
    format.setMinimumFractionDigits(usual);
    format.setMaximumFractionDigits(Math.max(usual, mostPlaces));
    format.setRoundingMode(RoundingMode.HALF_EVEN);
    return format.format(amount);
  }

  /** Bytes, in the decimal units that disks and networks are sold in. */
  public String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return decimal(value, unit == 0 || value >= 99.95 ? 0 : 1) + " " + units[unit];
  }

  /** Energy, which is known to a part in a hundred at best. */
  public String energy(long millijoules) {
    double joules = millijoules / 1000.0;
    return joules < 10_000
        ? decimal(joules, joules < 10 ? 1 : 0) + " J"
        : decimal(joules / 3600, joules < 36_000 ? 1 : 0) + " Wh";
  }

  /** A time of a length. */
  public String duration(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    if (seconds < 1) {
      return decimal(seconds * 1000, seconds < 0.01 ? 1 : 0) + " ms";
    }
    if (seconds < 120) {
      return decimal(seconds, seconds < 10 ? 2 : 1) + " s";
    }
    if (seconds < 7200) {
      return decimal(seconds / 60, 1) + " min";
    }
    return decimal(seconds / 3600, 1) + " h";
  }

  /** Day and minute, where the person is. */
  public String time(Instant instant) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
        .withLocale(locale())
        .format(instant.atZone(zone));
  }

  /** Day, minute and second, where the person is. */
  public String exactTime(Instant instant) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM)
        .withLocale(locale())
        .format(instant.atZone(zone));
  }

  /** A day. */
  public String date(LocalDate date) {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(locale()).format(date);
  }

  /** The day of an instant, where the person is. */
  public String date(Instant instant) {
    return date(instant.atZone(zone).toLocalDate());
  }
}
