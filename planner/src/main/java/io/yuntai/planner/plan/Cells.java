package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks of single cells of a plan's inputs; each sentence names the cell and the mend. */
final class Cells {
  /** More of anything is a slip of units. */
  static final double ABSURD = 1e12;

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+/()-]{0,79}");

  private Cells() {}

  static void name(String cell, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new PlannerException(
          cell,
          name,
          "%s: '%s' is no name; use up to 80 letters, digits, spaces and . _ + / ( ) -, a letter or digit first."
              .formatted(cell, name));
    }
  }

  static void range(String cell, double value, double least, double most) {
    range(cell, cell, value, least, most);
  }

  /**
   * Of something about a cell.
   *
   * @param what as {@code the sum of phases.hall.milestones}
   */
  static void range(String cell, String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new PlannerException(
          cell,
          null,
          "%s is %s; it must be %s."
              .formatted(
                  what,
                  number(value),
                  most >= ABSURD
                      ? "at least " + number(least) + (value > most ? ", and a finite number" : "")
                      : "from %s to %s".formatted(number(least), number(most))));
    }
  }

  static void positive(String cell, double value) {
    if (!(value > 0 && value <= ABSURD)) {
      throw new PlannerException(
          cell,
          null,
          "%s is %s; it must be more than 0%s."
              .formatted(cell, number(value), value > ABSURD ? " and below 1e12" : ""));
    }
  }

  static void share(String cell, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new PlannerException(
          cell,
          null,
          "%s is %s; it is a share from 0 to 1: write 0.2 for 20 %%."
              .formatted(cell, number(value)));
    }
  }

  static void known(String cell, String name, Collection<String> names) {
    if (!names.contains(name)) {
      throw new PlannerException(
          cell,
          name,
          "%s names '%s', which is not there; there are: %s."
              .formatted(cell, name, names.isEmpty() ? "none" : String.join(", ", names)));
    }
  }

  static Set<String> distinct(String cell, Collection<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      name(cell, name);
      if (!seen.add(name)) {
        throw new PlannerException(
            cell, name, "%s has '%s' twice; give each a name of its own.".formatted(cell, name));
      }
    }
    return seen;
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }
}
