package io.yuntai.planner.files;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Where in a file a cell of the inputs stands, and what it is called there: {@code
 * chips.h20.kilowatts} is the {@code power} of the table {@code [chips.h20]}.
 *
 * @param name as far as the file has it, and what is left of the cell, with hyphens
 * @param position of the deepest part that the file has; null where it has none
 */
record CellPlace(String name, @Nullable TomlPosition position) {
  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z])[A-Z]");

  /** What cells are called in the inputs where that is not what files call them. */
  private static final Map<String, Set<String>> OTHERWISE =
      Map.ofEntries(
          Map.entry("age", Set.of("ageQuarters")),
          Map.entry("book", Set.of("bookQuarters")),
          Map.entry("carbon", Set.of("carbonPerMegawattHour")),
          Map.entry("chip-prices", Set.of("priceFactor")),
          Map.entry("demand", Set.of("demandFactor")),
          Map.entry("discount", Set.of("discountPerYear")),
          Map.entry("earliest", Set.of("earliestQuarter")),
          Map.entry("end-value", Set.of("terminal")),
          Map.entry("grid", Set.of("gridMegawatts")),
          Map.entry("idle", Set.of("idleShare")),
          Map.entry("interest", Set.of("interestPerYear")),
          Map.entry("known-from", Set.of("splitQuarter")),
          Map.entry("latency", Set.of("millis")),
          Map.entry("lead", Set.of("leadQuarters")),
          Map.entry("life", Set.of("lifeQuarters")),
          Map.entry("liquid", Set.of("liquidMegawatts")),
          Map.entry("money", Set.of("finance")),
          Map.entry("most-latency", Set.of("mostMillis")),
          Map.entry("open", Set.of("openMegawatts")),
          Map.entry("open-liquid", Set.of("openLiquidMegawatts")),
          Map.entry("power", Set.of("kilowatts", "megawatts")),
          Map.entry("power-prices", Set.of("energyFactor")),
          Map.entry("price-factor", Set.of("price")),
          Map.entry("price-per-power", Set.of("price")),
          Map.entry("renewable", Set.of("renewableShare")),
          Map.entry("resale-loss", Set.of("resaleLossPerYear")),
          Map.entry("serves", Set.of("unitsPerSecond")),
          Map.entry("staff", Set.of("staffPerMegawattYear")),
          Map.entry("tax", Set.of("taxRate")),
          Map.entry("term", Set.of("termQuarters")),
          Map.entry("upkeep", Set.of("upkeepPerYear", "upkeepPerMegawattYear")));

  /**
   * Looks for a cell in the whole file, and where it is not there, for its last part in a table:
   * what is told of a phase knows the phase's name but not its site.
   *
   * @param part a name in the cell that is at fault
   */
  static CellPlace of(
      TomlTable top, TomlTable here, String hereName, String cell, @Nullable String part) {
    CellPlace place = new CellPlace("", null).in(top, cell, part);
    if (place.position != null) {
      return place;
    }
    String last = cell.substring(cell.lastIndexOf('.') + 1);
    return new CellPlace(hereName, null).in(here, last, part);
  }

  /** Goes down a value by what is left of the cell's name. */
  private CellPlace in(@Nullable Object value, String rest, @Nullable String part) {
    String left = rest.startsWith(".") ? rest.substring(1) : rest;
    return switch (value) {
      case TomlTable table -> inTable(table, left, part);
      case TomlArray array -> inArray(array, left, part);
      case null, default -> left(left);
    };
  }

  private CellPlace inTable(TomlTable table, String rest, @Nullable String part) {
    String found = "";
    String called = "";
    for (String key : table.keySet()) {
      for (String other : names(key)) {
        if (other.length() > called.length() && begins(rest, other)) {
          found = key;
          called = other;
        }
      }
    }
    if (!found.isEmpty()) {
      TomlPosition at = table.inputPositionOf(List.of(found));
      return new CellPlace(below(found), at == null ? position : at)
          .in(table.get(List.of(found)), rest.substring(called.length()), part);
    }
    if (rest.isEmpty() && part != null && table.contains(List.of(part))) {
      return new CellPlace(name, table.inputPositionOf(List.of(part)));
    }
    return left(rest);
  }

  /** The element that has the name, or is it, or that has the number that the cell tells. */
  private CellPlace inArray(TomlArray array, String rest, @Nullable String part) {
    int end = rest.indexOf(']');
    if (rest.startsWith("[") && end > 0) {
      int at = Integer.parseInt(rest.substring(1, end));
      return new CellPlace(
              "%s[%d]".formatted(name, at),
              at < array.size() ? array.inputPositionOf(at) : position)
          .in(at < array.size() ? array.get(at) : null, rest.substring(end + 1), part);
    }
    for (int i = 0; i < array.size(); i++) {
      boolean same =
          array.get(i) instanceof TomlTable table
              ? part != null
                  && table.contains(List.of(rest))
                  && part.equals(table.get(List.of(rest)))
              : array.get(i).equals(part);
      if (same) {
        CellPlace element = new CellPlace("%s[%d]".formatted(name, i), array.inputPositionOf(i));
        return element.in(array.get(i), rest, null);
      }
    }
    return left(rest);
  }

  private CellPlace left(String rest) {
    return rest.isEmpty() ? this : new CellPlace(below(hyphened(rest)), position);
  }

  private String below(String key) {
    return name.isEmpty() ? key : name + (key.startsWith("[") ? "" : ".") + key;
  }

  private static boolean begins(String rest, String key) {
    return rest.startsWith(key)
        && (rest.length() == key.length() || ".[".indexOf(rest.charAt(key.length())) >= 0);
  }

  private static Set<String> names(String key) {
    Set<String> names = new java.util.LinkedHashSet<>(OTHERWISE.getOrDefault(key, Set.of()));
    names.add(key);
    names.add(camel(key));
    return names;
  }

  private static String camel(String key) {
    return Pattern.compile("-([a-z])")
        .matcher(key)
        .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }

  private static String hyphened(String name) {
    return CAMEL.matcher(name).replaceAll(found -> "-" + found.group().toLowerCase(Locale.ROOT));
  }
}
