package io.yuntai.console.table;

import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A table as a template shows it: the columns that its reader chose, and one page of rows.
 *
 * @param id unlike that of other tables of the page; letters and dashes
 * @param columns all of them
 * @param rows each with a cell for each column that is shown
 * @param next cursor of what follows; empty where nothing does
 * @param empty what is said where there are no rows
 */
public record Table(
    String id,
    List<ShownColumn> columns,
    List<List<Cell>> rows,
    Optional<String> next,
    String empty) {
  /** Parameter of the query: the columns that are shown, with points between them. */
  public static final String COLUMNS = "columns";

  /** Parameter of the query: {@code csv}. */
  public static final String FORMAT = "format";

  /** Copies the lists. */
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * A column of a table.
   *
   * @param id in addresses and in CSV
   * @param label its head
   * @param figures whether it holds numbers, which stand to the right
   * @param shown whether it is
   */
  public record ShownColumn(String id, String label, boolean figures, boolean shown) {}

  /**
   * A column of rows of a kind.
   *
   * @param id in addresses and in CSV; letters and underscores
   * @param label its head
   * @param figures whether it holds numbers
   * @param usual whether it is shown unless its reader says otherwise
   * @param cell what stands in it
   */
  public record Column<R>(
      String id, String label, boolean figures, boolean usual, Function<R, Cell> cell) {
    /** Words. */
    public static <R> Column<R> of(String id, String label, Function<R, Cell> cell) {
      return new Column<>(id, label, false, true, cell);
    }

    /** Numbers. */
    public static <R> Column<R> figures(String id, String label, Function<R, Cell> cell) {
      return new Column<>(id, label, true, true, cell);
    }

    /** The same, shown only to who asks for it. */
    public Column<R> onRequest() {
      return new Column<>(id, label, figures, false, cell);
    }
  }

  /** Whether the reader wants a file rather than a page. */
  public static boolean isExport(Visit visit) {
    return visit.query().text(FORMAT).equals("csv");
  }

  /**
   * A page of rows.
   *
   * @param next cursor of what follows
   * @param empty what is said where there are no rows
   */
  public static <R> Table of(
      Visit visit,
      String id,
      List<Column<R>> columns,
      List<R> rows,
      Optional<String> next,
      String empty) {
    Set<String> chosen = chosen(visit, id, columns);
    List<Column<R>> shown = columns.stream().filter(one -> chosen.contains(one.id())).toList();
    List<List<Cell>> cells = new ArrayList<>();
    for (R row : rows) {
      cells.add(shown.stream().map(column -> column.cell().apply(row)).toList());
    }
    return new Table(
        id,
        columns.stream()
            .map(one ->
                new ShownColumn(one.id(), one.label(), one.figures(), chosen.contains(one.id())))
            .toList(),
        cells,
        next,
        empty);
  }

  /** What the address says, else what was chosen last, else the usual ones. */
  private static <R> Set<String> chosen(Visit visit, String id, List<Column<R>> columns) {
    String cookie = "yuntai_columns_" + id;
    List<String> asked = visit.query().all(COLUMNS);
    String text =
        asked.isEmpty() ? visit.exchange().cookie(cookie).orElse("") : String.join(".", asked);
    Set<String> chosen = new LinkedHashSet<>(List.of(text.split("\\.", 100)));
    chosen.retainAll(columns.stream().map(Column::id).toList());
    if (chosen.isEmpty()) {
      return new LinkedHashSet<>(columns.stream().filter(Column::usual).map(Column::id).toList());
    }
    if (!asked.isEmpty()) {
      visit.remember(cookie, String.join(".", chosen));
    }
    return chosen;
  }

  /** The columns that are shown. */
  public List<ShownColumn> shown() {
    return columns.stream().filter(ShownColumn::shown).toList();
  }

  /** All columns and rows as a file (RFC 4180). */
  public static <R> View csv(String name, List<Column<R>> columns, List<R> rows) {
    StringBuilder text = new StringBuilder();
    line(text, columns.stream().map(Column::id).toList());
    for (R row : rows) {
      line(text, columns.stream().map(column -> field(column.cell().apply(row))).toList());
    }
    return View.csv(name, text.toString());
  }

  /** A spreadsheet would compute a text that begins like a formula. */
  private static String field(Cell cell) {
    String raw = cell.raw();
    boolean formula = !raw.isEmpty() && "=+-@\t\r".indexOf(raw.charAt(0)) >= 0;
    return formula && !(cell instanceof Cell.Figure) ? "'" + raw : raw;
  }

  private static void line(StringBuilder text, List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      boolean quoted = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      text.append(i == 0 ? "" : ",")
          .append(quoted ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    text.append("\r\n");
  }
}
