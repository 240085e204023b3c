package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.Confidence;
import io.yuntai.planner.facts.Fact;
import io.yuntai.planner.facts.Unit;
import io.yuntai.planner.money.PlanCurrency;
import io.yuntai.planner.money.Real;
import io.yuntai.planner.plan.Series;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * A quantity of a file: {@code 5}, {@code "30 kW/server"}, {@code "unlimited"}, a list of these by
 * quarter, {@code { value = "30 kW", source = ..., date = ..., confidence = ... }}, or {@code {
 * fact = "chip.h200.price", times = "8 accelerator/server" }}. With {@code prices-of = "2025-Q1"}
 * it is real money of that quarter.
 */
final class CellValue {
  private static final String MONEY = "¤";
  private static final int MAX_QUARTERS = 200;
  private static final Set<String> KEYS =
      Set.of("value", "unit", "source", "date", "confidence", "fact", "times", "prices-of");

  private final PlanCells cells;
  private final CellSource source;
  private final String key;
  private final Object value;

  CellValue(PlanCells cells, String key, Object value) {
    this.cells = cells;
    this.source = cells.source();
    this.key = key;
    this.value = value;
  }

  double number(String unit) {
    Series series = cells.checked(key, () -> read(unit, false));
    if (series.size() != 1) {
      throw cells.slip(key, "must be one number, not a list");
    }
    return series.at(0);
  }

  Series series(String unit) {
    return cells.checked(key, () -> read(unit, true));
  }

  /**
   * Reads it.
   *
   * @param byQuarter whether it may be another in each quarter, as rates that move make it
   */
  private Series read(String unit, boolean byQuarter) {
    if (!(value instanceof TomlTable table)) {
      List<Quantity> all = quantities(value, "");
      source.assumptions.add(
          new Assumption(cells.below(key), text(all), "", null, Confidence.UNVERIFIED));
      return inUnit(all, unit, byQuarter, null);
    }
    for (String name : table.keySet()) {
      if (!KEYS.contains(name)) {
        throw new PlannerException(
            "'%s' is none of: value, unit, source, date, confidence, fact, times, prices-of"
                .formatted(name));
      }
    }
    List<Quantity> all = table.contains("fact") ? fact(table) : told(table);
    String priced = string(table, "prices-of");
    return inUnit(all, unit, byQuarter, priced == null ? null : Quarter.parse(priced));
  }

  private List<Quantity> told(TomlTable table) {
    String unit = string(table, "unit");
    Object number = table.get("value");
    if (number == null) {
      throw new PlannerException("'value' is missing");
    }
    List<Quantity> all = quantities(number, unit == null ? "" : unit);
    String origin = string(table, "source");
    String date = string(table, "date");
    String confidence = string(table, "confidence");
    source.assumptions.add(
        new Assumption(
            cells.below(key),
            text(all),
            origin == null ? "" : origin,
            date == null ? null : month(date),
            confidence == null ? Confidence.UNVERIFIED : Confidence.of(confidence)));
    return all;
  }

  private List<Quantity> fact(TomlTable table) {
    Fact fact = source.facts.get(String.valueOf(string(table, "fact")));
    Quantity quantity = new Quantity(fact.value(), fact.unit(), fact.name());
    Object times = table.get("times");
    if (times != null) {
      quantity = quantity.times(quantities(times, "").getFirst());
    }
    source.assumptions.add(
        new Assumption(
            cells.below(key),
            "%s = %s %s".formatted(quantity.text(), quantity.value(), quantity.unit().text()),
            fact.source(),
            fact.date(),
            fact.confidence()));
    return List.of(quantity);
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text);
    } catch (java.time.DateTimeException _) {
      throw new PlannerException("the date '%s' is no month such as 2026-03".formatted(text));
    }
  }

  private static @Nullable String string(TomlTable table, String name) {
    Object text = table.get(List.of(name));
    if (text == null || text instanceof String) {
      return (String) text;
    }
    throw new PlannerException("'%s' must be a text in quotes".formatted(name));
  }

  private static List<Quantity> quantities(Object value, String unit) {
    if (!(value instanceof TomlArray array)) {
      return List.of(quantity(value, unit));
    }
    if (array.isEmpty() || array.size() > MAX_QUARTERS) {
      throw new PlannerException(
          "has %d numbers; give one, or one for each quarter, %d at most"
              .formatted(array.size(), MAX_QUARTERS));
    }
    List<Quantity> all = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      all.add(quantity(array.get(i), unit));
    }
    return all;
  }

  private static Quantity quantity(@Nullable Object value, String unit) {
    String text =
        switch (value) {
          case String string when string.equals("unlimited") -> string;
          case String string -> string + (unit.isEmpty() ? "" : " " + unit);
          case Long number -> number + " " + unit;
          case Double number when Double.isFinite(number) -> number + " " + unit;
          case null, default ->
              throw new PlannerException("must be a number with its unit such as \"30 kW/server\"");
        };
    return text.equals("unlimited") ? Quantity.UNLIMITED : Quantity.of(text);
  }

  private static String text(List<Quantity> all) {
    return all.stream().map(Quantity::text).collect(java.util.stream.Collectors.joining(", "));
  }

  private Series inUnit(
      List<Quantity> all, String unit, boolean byQuarter, @Nullable Quarter pricesOf) {
    boolean moves = byQuarter && unit.contains(MONEY) && !source.fxChange.perYear().isEmpty();
    double[] numbers = new double[moves ? Math.max(all.size(), source.quarters) : all.size()];
    PlanCurrency currency = source.currency;
    for (int i = 0; i < numbers.length; i++) {
      Quantity quantity = all.get(Math.min(i, all.size() - 1));
      if (quantity.isUnlimited()) {
        numbers[i] = Double.POSITIVE_INFINITY;
      } else {
        currency = currency(quantity, unit);
        Unit wanted = Unit.of(unit.replace(MONEY, currency.name()));
        double number = quantity.value() * (quantity.unit().factor() / wanted.factor());
        numbers[i] = translated(number, currency, i);
      }
    }
    return pricesOf == null ? Series.of(numbers) : nominal(numbers, currency, pricesOf);
  }

  private double translated(double number, PlanCurrency currency, int quarter) {
    if (currency == source.currency) {
      return number;
    }
    double rate = source.rates.mid(currency, source.currency);
    double inYear = source.fxChange.after(source.rates, 1).mid(currency, source.currency);
    source.note(
        "%s are translated at %.4f %s of %s%s."
            .formatted(
                currency,
                rate,
                source.currency,
                source.rates.date(),
                inYear == rate
                    ? ""
                    : " in the first quarter, and at %.4f a year later".formatted(inYear)));
    return number
        * source.fxChange.after(source.rates, quarter / 4.0).mid(currency, source.currency);
  }

  /** The currency that a quantity is told in; refuses other dimensions. */
  private PlanCurrency currency(Quantity quantity, String unit) {
    if (!unit.contains(MONEY)) {
      if (quantity.unit().sameDimension(Unit.of(unit))) {
        return source.currency;
      }
    } else {
      for (PlanCurrency currency : PlanCurrency.values()) {
        if (quantity.unit().sameDimension(Unit.of(unit.replace(MONEY, currency.name())))) {
          return currency;
        }
      }
    }
    String wanted =
        unit.equals("1")
            ? "%"
            : unit.equals("1/year") ? "%/year" : unit.replace(MONEY, source.currency.name());
    throw new PlannerException(
        "'%s' is %s, where %s is needed; write it such as \"%s %s\""
            .formatted(
                quantity.text(),
                quantity.unit().text().equals("1")
                    ? "a number without a unit"
                    : "in " + quantity.unit().text(),
                wanted.equals("%") ? "a plain number or a percentage" : "something in " + wanted,
                CellText.plain(quantity.value()),
                wanted));
  }

  /** Money of one quarter's prices as it will be paid, or in the plan's own prices. */
  private Series nominal(double[] numbers, PlanCurrency currency, Quarter pricesOf) {
    Quarter base = source.realBase;
    if (base != null) {
      double level = source.index.level(currency, pricesOf, base);
      return Series.of(java.util.Arrays.stream(numbers).map(n -> n * level).toArray());
    }
    double[] paid = new double[Math.max(numbers.length, source.quarters)];
    for (int t = 0; t < paid.length; t++) {
      double number = numbers[Math.min(t, numbers.length - 1)];
      paid[t] =
          Double.isInfinite(number)
              ? number
              : source
                  .index
                  .nominal(new Real(number, currency, pricesOf), source.first.plus(t))
                  .amount();
    }
    return Series.of(paid);
  }
}
