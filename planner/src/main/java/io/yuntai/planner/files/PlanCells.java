package io.yuntai.planner.files;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.calendar.Quarter;
import io.yuntai.planner.facts.NearNames;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of a plan's file: its cells by name, each asked for once. */
final class PlanCells {
  private static final String MONEY = "¤";
  private static final int MAX_LIST = 10_000;

  private final CellSource source;
  private final TomlTable table;
  private final String path;
  private final @Nullable TomlPosition position;
  private final Set<String> asked = new LinkedHashSet<>();

  PlanCells(CellSource source, TomlTable table, String path, @Nullable TomlPosition position) {
    this.source = source;
    this.table = table;
    this.path = path;
    this.position = position;
  }

  String path() {
    return path;
  }

  CellSource source() {
    return source;
  }

  /** Names of all cells, in the order of the file. */
  List<String> names() {
    List<String> names = new ArrayList<>(table.keySet());
    names.sort(java.util.Comparator.comparingInt(this::line));
    return names;
  }

  private int line(String key) {
    TomlPosition at = table.inputPositionOf(List.of(key));
    return at == null ? 0 : at.line();
  }

  boolean has(String key) {
    asked.add(key);
    return table.contains(List.of(key));
  }

  /** Refuses cells that nobody has asked for: likely a slip. */
  void end() {
    for (String key : names()) {
      if (!asked.contains(key)) {
        throw slip(
            key,
            "'%s' is nothing that is read here; near it are %s"
                .formatted(key, String.join(", ", NearNames.of(key, asked))));
      }
    }
  }

  String text(String key) {
    String text = text(key, null);
    if (text == null) {
      throw slip(key, "'%s' is missing; it is a text".formatted(key));
    }
    return text;
  }

  @Nullable String text(String key, @Nullable String otherwise) {
    asked.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && text.length() <= 1000) {
      return text;
    }
    throw slip(key, "must be a text in quotes");
  }

  /** A text of any length: a file in the file. */
  String longText(String key) {
    asked.add(key);
    if (table.get(List.of(key)) instanceof String text) {
      return text;
    }
    throw slip(key, "must be a text in quotes");
  }

  boolean flag(String key, boolean otherwise) {
    asked.add(key);
    Object value = table.get(List.of(key));
    if (value == null || value instanceof Boolean) {
      return value == null ? otherwise : (Boolean) value;
    }
    throw slip(key, "must be true or false");
  }

  /** Whether a cell is a word, where it might be a number, too. */
  boolean is(String key, String word) {
    asked.add(key);
    return word.equals(table.get(List.of(key)));
  }

  /** One of some words. */
  <T> T choice(String key, String otherwise, java.util.Map<String, T> choices) {
    String text = text(key, otherwise);
    T chosen = choices.get(String.valueOf(text));
    if (chosen == null) {
      throw slip(key, "'%s' is none of: %s".formatted(text, String.join(", ", choices.keySet())));
    }
    return chosen;
  }

  /**
   * A text that is one of some names.
   *
   * @param what such a name is of
   */
  String among(String key, String what, java.util.Collection<String> names) {
    String text = text(key);
    if (!names.contains(text)) {
      throw slip(
          key,
          "'%s' is no %s of the plan; there are: %s"
              .formatted(text, what, names.isEmpty() ? "none" : String.join(", ", names)));
    }
    return text;
  }

  List<String> texts(String key) {
    asked.add(key);
    List<String> texts = new ArrayList<>();
    for (Object value : list(key)) {
      if (!(value instanceof String text)) {
        throw slip(key, "must be a list of texts in quotes");
      }
      texts.add(text);
    }
    return texts;
  }

  /** A table below this one; an empty one where there is none. */
  PlanCells table(String key) {
    asked.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return new PlanCells(source, org.tomlj.Toml.parse(""), below(key), position);
    }
    if (value instanceof TomlTable inner) {
      return new PlanCells(source, inner, below(key), at(key));
    }
    throw slip(key, "must be a table: [%s]".formatted(below(key)));
  }

  /** Whether a cell is a table that is no quantity. */
  boolean isTable(String key) {
    asked.add(key);
    return table.get(List.of(key)) instanceof TomlTable inner
        && !inner.contains("value")
        && !inner.contains("fact");
  }

  /** Tables with a name each, in the order of the file. */
  List<Named> named(String key) {
    PlanCells all = table(key);
    List<Named> named = new ArrayList<>();
    for (String name : all.names()) {
      named.add(new Named(name, all.table(name)));
    }
    return named;
  }

  /** A table and what it is called. */
  record Named(String name, PlanCells cells) {}

  /** A list of tables. */
  List<PlanCells> tables(String key) {
    asked.add(key);
    List<PlanCells> tables = new ArrayList<>();
    Object value = table.get(List.of(key));
    if (value == null) {
      return tables;
    }
    if (!(value instanceof TomlArray array) || array.size() > MAX_LIST) {
      throw slip(key, "must be a list of tables: [[%s]]".formatted(below(key)));
    }
    for (int i = 0; i < array.size(); i++) {
      if (!(array.get(i) instanceof TomlTable inner)) {
        throw slip(key, "must be a list of tables: [[%s]]".formatted(below(key)));
      }
      TomlPosition at = array.inputPositionOf(i);
      tables.add(new PlanCells(source, inner, "%s[%d]".formatted(below(key), i), at));
    }
    return tables;
  }

  private List<Object> list(String key) {
    Object value = table.get(List.of(key));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof TomlArray array) || array.size() > MAX_LIST) {
      throw slip(key, "must be a list");
    }
    return new ArrayList<>(array.toList());
  }

  /** A share, written as 0.2 or "20 %". */
  double share(String key, double otherwise) {
    double share = number(key, "1", otherwise);
    if (!(share >= 0 && share <= 1)) {
      throw slip(
          key,
          "%s is no share from 0 to 1; write \"%s %%\" for hundredths"
              .formatted(CellText.plain(share), CellText.plain(share)));
    }
    return share;
  }

  /** A whole number. */
  int count(String key, int otherwise) {
    return whole(key, number(key, "1", otherwise));
  }

  /** Quarters, of a time such as "5 year". */
  int quarters(String key, int otherwise) {
    return whole(key, has(key) ? number(key, "quarter", 0) : otherwise);
  }

  private int whole(String key, double number) {
    if (Math.abs(number - Math.rint(number)) > 1e-6 || Math.abs(number) > 1e9) {
      throw slip(key, "is %s, which must be a whole number".formatted(number));
    }
    return (int) Math.rint(number);
  }

  /** A number in a unit, in which {@code ¤} is the plan's currency. */
  double number(String key, String unit, double otherwise) {
    asked.add(key);
    Object value = table.get(List.of(key));
    return value == null ? otherwise : new CellValue(this, key, value).number(unit);
  }

  /** A number that must be there. */
  double number(String key, String unit) {
    if (!has(key)) {
      throw slip(
          key,
          "'%s' is missing; it is a number in %s"
              .formatted(key, unit.replace(MONEY, source.currency.name())));
    }
    return number(key, unit, 0);
  }

  /** A number, or one for each quarter. */
  Series series(String key, String unit, Series otherwise) {
    asked.add(key);
    Object value = table.get(List.of(key));
    return value == null ? otherwise : new CellValue(this, key, value).series(unit);
  }

  /** A series that must be there. */
  Series series(String key, String unit) {
    number0(key, unit);
    return series(key, unit, Series.ZERO);
  }

  private void number0(String key, String unit) {
    if (!has(key)) {
      throw slip(
          key,
          "'%s' is missing; it is a number in %s, or a list with one for each quarter"
              .formatted(key, unit.replace(MONEY, source.currency.name())));
    }
  }

  /** A series that must be there, nothing of it below 0. */
  Series amounts(String key, String unit) {
    return notBelowZero(key, series(key, unit));
  }

  /** The same where it may be missing. */
  Series amounts(String key, String unit, Series otherwise) {
    return notBelowZero(key, series(key, unit, otherwise));
  }

  /** A number that may be missing, not below 0. */
  double amount(String key, String unit, double otherwise) {
    double amount = number(key, unit, otherwise);
    notBelowZero(key, Series.constant(amount));
    return amount;
  }

  /** A number that must be there, not below 0. */
  double amount(String key, String unit) {
    double amount = number(key, unit);
    notBelowZero(key, Series.constant(amount));
    return amount;
  }

  private Series notBelowZero(String key, Series series) {
    for (double value : series.values()) {
      if (!(value >= 0)) {
        throw slip(key, "%s is below 0".formatted(CellText.plain(value)));
      }
    }
    return series;
  }

  /** A quarter of the calendar, as a number of quarters after the plan's first. */
  int quarter(String key, int otherwise) {
    String text = text(key, null);
    if (text == null) {
      return otherwise;
    }
    return checked(key, () -> source.first.until(Quarter.parse(text)));
  }

  /** Runs what checks a value; what it refuses is told with its place. */
  <T> T checked(String key, Supplier<T> work) {
    try {
      return work.get();
    } catch (PlannerException e) {
      throw e.sentence().startsWith(source.file + ":") ? e : slip(key, e.sentence());
    }
  }

  /**
   * Makes a record of this table, or of the whole file; what it refuses is told with the place of
   * the cell, and the cell as the file calls it.
   */
  <T> T made(Supplier<T> work) {
    try {
      return work.get();
    } catch (PlannerException e) {
      if (e.sentence().startsWith(source.file + ":")) {
        throw e;
      }
      String cell = e.cell();
      if (cell == null) {
        String name = path.isEmpty() ? "" : path + ": ";
        throw new PlannerException(
            "%s%s: %s%s".formatted(source.file, place(position), name, sentence(e.sentence())));
      }
      CellPlace at = CellPlace.of(source.top, table, path, cell, e.part());
      TomlPosition known = at.position() == null ? position : at.position();
      throw new PlannerException(
          "%s%s: %s"
              .formatted(
                  source.file, place(known), sentence(e.sentence().replace(cell, at.name()))));
    }
  }

  /** What is wrong with a cell. */
  PlannerException slip(String key, String what) {
    TomlPosition at = at(key);
    return new PlannerException(
        "%s%s: %s: %s".formatted(source.file, place(at), below(key), sentence(what)));
  }

  private static String sentence(String what) {
    return what.endsWith(".") ? what : what + ".";
  }

  private @Nullable TomlPosition at(String key) {
    TomlPosition at = table.inputPositionOf(List.of(key));
    return at == null ? position : at;
  }

  static String place(@Nullable TomlPosition at) {
    return at == null ? "" : ":" + at.line() + ":" + at.column();
  }

  String below(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
