package io.yuntai.planner.facts;

import io.yuntai.planner.PlannerException;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a number counts, such as {@code USD/kW/month}, {@code GB} or {@code token/s}: terms joined
 * by {@code *} and {@code /}, each division for the next term only; a term may have a word for a
 * great number before it ({@code billion CNY}). Watt-hours are one term: {@code CNY/kWh}.
 *
 * <p>Years are of 8,760 hours, months their twelfth and quarters their fourth, as leases reckon.
 *
 * @param text as it was written
 * @param powers of the base units; none with power 0
 * @param factor how many of the base units it is
 */
public record Unit(String text, Map<String, Integer> powers, double factor) {
  private static final int MAX_CHARS = 100;
  private static final double HOUR = 3600;
  private static final double YEAR = 8760 * HOUR;
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern TERMS = Pattern.compile("([^*/]*)([*/])");
  private static final Pattern WATT_HOURS = Pattern.compile("(^|[*/\\s])([kMG]?W)h\\b");
  private static final Map<String, Base> BASES = new HashMap<>();

  private record Base(String dimension, double factor) {}

  static {
    put("", "1", 1, "%", 0.01);
    put("", "thousand", 1e3, "million", 1e6, "billion", 1e9, "trillion", 1e12);
    put("s", "ms", 1e-3, "s", 1, "min", 60, "h", HOUR, "day", 24 * HOUR, "week", 168 * HOUR);
    put("s", "month", YEAR / 12, "quarter", YEAR / 4, "year", YEAR);
    put("W", "W", 1, "kW", 1e3, "MW", 1e6, "GW", 1e9);
    put("B", "B", 1, "kB", 1e3, "MB", 1e6, "GB", 1e9, "TB", 1e12);
    put("B", "KiB", 0x1p10, "MiB", 0x1p20, "GiB", 0x1p30, "TiB", 0x1p40);
    put("FLOP", "FLOP", 1, "GFLOP", 1e9, "TFLOP", 1e12, "PFLOP", 1e15);
    put("g", "g", 1, "kg", 1e3, "t", 1e6);
    put("token", "token", 1);
    put("request", "request", 1);
    put("parameter", "parameter", 1);
    put("accelerator", "accelerator", 1);
    put("server", "server", 1);
    put("rack", "rack", 1);
    put("site", "site", 1);
  }

  /** Copies the powers. */
  public Unit {
    powers = Map.copyOf(powers);
  }

  private static void put(String dimension, Object... namesAndFactors) {
    for (int i = 0; i < namesAndFactors.length; i += 2) {
      double factor = ((Number) namesAndFactors[i + 1]).doubleValue();
      BASES.put((String) namesAndFactors[i], new Base(dimension, factor));
    }
  }

  /**
   * Reads a unit.
   *
   * @throws PlannerException naming the term that is none
   */
  public static Unit of(String text) {
    if (text.length() > MAX_CHARS) {
      throw new PlannerException("A unit of %d characters is none.".formatted(text.length()));
    }
    Map<String, Integer> powers = new TreeMap<>();
    double factor = 1;
    int sign = 1;
    for (Matcher terms = TERMS.matcher(products(text) + "*"); terms.find(); ) {
      for (String term : terms.group(1).trim().split("\\s+", -1)) {
        Base base = base(term, text);
        factor *= Math.pow(base.factor, sign);
        if (!base.dimension.isEmpty()) {
          powers.merge(base.dimension, sign, Integer::sum);
        }
      }
      sign = terms.group(2).equals("/") ? -1 : 1;
    }
    powers.values().removeIf(power -> power == 0);
    return new Unit(text, powers, factor);
  }

  /** Kilowatt-hours as what they are: kilowatts by hours, also where they divide. */
  private static String products(String text) {
    return WATT_HOURS
        .matcher(text)
        .replaceAll(found ->
            found.group(1).equals("/")
                ? "/" + found.group(2) + "/h"
                : found.group(1) + found.group(2) + "*h");
  }

  private static Base base(String term, String unit) {
    Base base = BASES.get(term);
    if (base == null && isCurrency(term)) {
      base = new Base(term, 1);
    }
    if (base == null) {
      throw new PlannerException(
          "'%s' in the unit '%s' is not known; units are such as GB/s, kW, USD/kW/month, token/s/server."
              .formatted(term, unit));
    }
    return base;
  }

  private static boolean isCurrency(String term) {
    return CURRENCY.matcher(term).matches() && currency(term) != null;
  }

  private static @Nullable Currency currency(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** Whether numbers in the one can be told in the other. */
  public boolean sameDimension(Unit other) {
    return powers.equals(other.powers);
  }
}
