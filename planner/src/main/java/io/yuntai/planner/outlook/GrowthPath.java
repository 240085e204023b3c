package io.yuntai.planner.outlook;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.FiscalYears;
import io.yuntai.planner.calendar.Quarter;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a figure now to a figure wanted then: {@code revenue 31.7 bn/quarter -> 240 bn by 2028}.
 *
 * @param what grows
 * @param yearlyNow the figure now, for a year
 * @param from the quarter in whose middle it is so
 * @param yearlyThen the figure wanted
 * @param to the day in the middle of the year for which it is wanted
 * @param damping of growth a quarter, 0 to 1; 1 is the same growth throughout
 * @param basis how days were read from the text, for whoever relies on it
 */
public record GrowthPath(
    String what,
    double yearlyNow,
    Quarter from,
    double yearlyThen,
    LocalDate to,
    double damping,
    String basis) {
  private static final double DAYS = 365.25;
  private static final double QUARTERS = 4;
  private static final int MAX_CHARS = 200;
  private static final int HALF_QUARTER_DAYS = 45;
  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)\\s*(bn|m|million|billion|tr)?";
  private static final Pattern TEXT =
      Pattern.compile(
          "([A-Za-z][\\w -]{0,40}?)\\s+"
              + NUMBER
              + "\\s*/\\s*(month|quarter|year)\\s*->\\s*"
              + NUMBER
              + "\\s+by\\s+(FY)?([0-9]{4})");

  /** Checks the ranges. */
  public GrowthPath {
    if (!(yearlyNow > 0 && yearlyThen > 0 && yearlyNow < 1e24 && yearlyThen < 1e24)) {
      throw new PlannerException(
          "Growth is from and to more than nothing, not from %s to %s."
              .formatted(yearlyNow, yearlyThen));
    }
    if (!(damping > 0 && damping <= 1)) {
      throw new PlannerException("Damping is above 0 and at most 1, not %s.".formatted(damping));
    }
    if (!middle(from).isBefore(to)) {
      throw new PlannerException(
          "What is wanted by %s must come after %s, where it begins.".formatted(to, from));
    }
  }

  /**
   * Reads {@code WHAT NUMBER/quarter -> NUMBER by 2028}; {@code by FY2028} is a fiscal year. The
   * figure wanted is for the whole year, so that it is reached in the year's middle.
   *
   * @param from the quarter of the figure now
   * @param fiscal what fiscal years are
   */
  public static GrowthPath parse(String text, Quarter from, FiscalYears fiscal, double damping) {
    Matcher parts = TEXT.matcher(text.strip());
    if (text.length() > MAX_CHARS || !parts.matches()) {
      throw new PlannerException(
          "'%s' is no growth such as 'revenue 31.7 bn/quarter -> 240 bn by 2028' or '... by FY2028'."
              .formatted(text.length() <= 80 ? text : text.substring(0, 80) + "..."));
    }
    int year = Integer.parseInt(parts.group(8));
    boolean isFiscal = parts.group(7) != null;
    LocalDate to = (isFiscal ? fiscal : FiscalYears.FROM_JANUARY).middle(year);
    double times =
        switch (parts.group(4)) {
          case "month" -> 12;
          case "quarter" -> QUARTERS;
          default -> 1;
        };
    String basis =
        "%s is the %s year whose middle is %s; the figure now is for the year round the middle of %s"
            .formatted(parts.group(8), isFiscal ? "fiscal" : "calendar", to, from);
    return new GrowthPath(
        parts.group(1),
        amount(parts.group(2), parts.group(3)) * times,
        from,
        amount(parts.group(5), parts.group(6)),
        to,
        damping,
        basis);
  }

  private static double amount(String number, @org.jspecify.annotations.Nullable String scale) {
    double value = Double.parseDouble(number);
    return switch (scale == null ? "" : scale.toLowerCase(Locale.ROOT)) {
      case "m", "million" -> value * 1e6;
      case "bn", "billion" -> value * 1e9;
      case "tr" -> value * 1e12;
      default -> value;
    };
  }

  /** Years from the figure now to the figure wanted. */
  public double years() {
    return ChronoUnit.DAYS.between(middle(from), to) / DAYS;
  }

  /** The same growth each year that would lead there; 0.1 for 10 %. */
  public double growthPerYear() {
    return Math.pow(yearlyThen / yearlyNow, 1 / years()) - 1;
  }

  /**
   * The amount of a quarter: a fourth of the year round its middle. Where growth is damped it
   * begins faster and ends slower, and meets the figure wanted all the same.
   */
  public double at(Quarter quarter) {
    double t = ChronoUnit.DAYS.between(middle(from), middle(quarter)) / (DAYS / QUARTERS);
    double all = years() * QUARTERS;
    double share =
        damping == 1
            ? t / all
            : Math.expm1(t * Math.log(damping)) / Math.expm1(all * Math.log(damping));
    return yearlyNow / QUARTERS * Math.exp(share * Math.log(yearlyThen / yearlyNow));
  }

  private static LocalDate middle(Quarter quarter) {
    return quarter.firstDay().plusDays(HALF_QUARTER_DAYS);
  }
}
