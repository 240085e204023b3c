package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Unit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number with its unit, as people write it: {@code 1.2 million token/s}, {@code 30 %}. */
record Quantity(double value, Unit unit, String text) {
  private static final int MAX_CHARS = 120;
  private static final Pattern TEXT =
      Pattern.compile("([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?)\\s*(.*)");

  /** Without limit, of any dimension. */
  static final Quantity UNLIMITED =
      new Quantity(Double.POSITIVE_INFINITY, Unit.of("1"), "unlimited");

  static Quantity of(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (text.length() > MAX_CHARS || !parts.matches()) {
      throw new PlannerException(
          "'%s' is no number with a unit such as '30 kW/server'"
              .formatted(text.length() <= 40 ? text : text.substring(0, 40) + "..."));
    }
    double value = Double.parseDouble(parts.group(1));
    if (!Double.isFinite(value)) {
      throw new PlannerException("'%s' is too large a number".formatted(parts.group(1)));
    }
    String unit = parts.group(2).strip();
    return new Quantity(value, Unit.of(unit.isEmpty() ? "1" : unit), text.strip());
  }

  static Quantity of(double value) {
    return new Quantity(value, Unit.of("1"), plain(value));
  }

  boolean isUnlimited() {
    return Double.isInfinite(value);
  }

  Quantity times(Quantity other) {
    return new Quantity(
        value * other.value,
        Unit.of(unit.text() + "*" + other.unit.text()),
        text + " * " + other.text);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
