package io.yuntai.console.table;

import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.server.http.FormFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A table as a template shows it: the columns that its reader chose, and one page of rows.
 *
 * @param id unlike that of other tables of the page; letters and dashes
 * @param columns all of them
 * @param rows each with a cell for each column that is shown
 * @param next cursor of what follows; empty where nothing does
 * @param empty what is said where there are no rows
 * @param later whether rows before these are on another page
 */
public record Table(
    String id,
    List<ShownColumn> columns,
    List<List<Cell>> rows,
    Optional<String> next,
    String empty,
    boolean later) {
  /** Parameter of the query: the columns that are shown, with points between them. */
  public static final String COLUMNS = "columns";

  /** Parameter of the query: where a page of rows begins. */
  public static final String CURSOR = "cursor";

  /** Parameter of the query: the column to sort by. */
  public static final String SORT = "sort";

  /** Parameter of the query: which of a page's tables the others are about; all without it. */
  public static final String TABLE = "table";

  /** Parameter of the query: {@code csv}. */
  public static final String FORMAT = "format";

  private static final int PIECE_CHARS = 32 << 10;

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
   * @param order what sorts by it, or the other way round; empty where nothing does
   * @param sorted {@code ascending} or {@code descending} where the rows are sorted by it
   */
  public record ShownColumn(
      String id, String label, boolean figures, boolean shown, String order, String sorted) {}

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

    /** Words of a table that is only a file, whose heads are ids. */
    public static <R> Column<R> words(String id, Function<R, String> words) {
      return of(id, id, row -> new Cell.Text(words.apply(row)));
    }

    /** Counts of such a table. */
    public static <R> Column<R> count(String id, ToLongFunction<R> count) {
      return figures(
          id,
          id,
          row -> {
            String text = Long.toString(count.applyAsLong(row));
            return new Cell.Figure(text, text);
          });
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

  /** Whether what the address says of a table is about this one. */
  public static boolean isMeant(Visit visit, String id) {
    String table = visit.query().text(TABLE);
    return table.isEmpty() || table.equals(id);
  }

  static <R> Table of(Visit visit, Listing<R> list, Page<R> page, String empty) {
    List<Column<R>> columns = list.columns();
    Set<String> chosen = chosen(visit, list.id(), columns);
    List<Column<R>> shown = columns.stream().filter(one -> chosen.contains(one.id())).toList();
    List<List<Cell>> cells = new ArrayList<>();
    for (R row : page.items()) {
      cells.add(shown.stream().map(column -> column.cell().apply(row)).toList());
    }
    return new Table(
        list.id(),
        columns.stream()
            .map(one ->
                new ShownColumn(
                    one.id(),
                    one.label(),
                    one.figures(),
                    chosen.contains(one.id()),
                    list.sortable().contains(one.id()) ? order(one, list.sort()) : "",
                    list.sort().equals(one.id())
                        ? "ascending"
                        : list.sort().equals("-" + one.id()) ? "descending" : ""))
            .toList(),
        cells,
        page.next(),
        empty,
        isMeant(visit, list.id()) && !visit.query().text(CURSOR).isEmpty());
  }

  /** Of numbers the largest are asked for first, of words those that begin the alphabet. */
  private static String order(Column<?> column, String sort) {
    String rising = column.id();
    String falling = "-" + rising;
    return column.figures()
        ? sort.equals(falling) ? rising : falling
        : sort.equals(rising) ? falling : rising;
  }

  /** What the address says, else what was chosen last, else the usual ones. */
  private static <R> Set<String> chosen(Visit visit, String id, List<Column<R>> columns) {
    String cookie = "yuntai_columns_" + id;
    List<String> asked = isMeant(visit, id) ? visit.query().all(COLUMNS) : List.of();
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

  /** This page with something said of this table: what the address says of others goes. */
  public String link(Visit visit, String name, String value) {
    FormFields query = visit.query();
    if (!isMeant(visit, id)) {
      query = query.with(COLUMNS, "").with(SORT, "");
    }
    String link = visit.ui().link(query.with(CURSOR, "").with(TABLE, id).with(name, value));
    return name.equals(SORT) ? link + "#" + place() : link;
  }

  /** Its id in the page. */
  public String place() {
    return "table-" + id;
  }

  /** All columns and rows as a file (RFC 4180), which is read while it is sent. */
  static <R> View csv(String name, List<Column<R>> columns, Iterator<R> rows) {
    List<Column<R>> kept =
        columns.stream().filter(column -> !column.id().equals("actions")).toList();
    return new View.Stream(
        "text/csv; charset=utf-8",
        name + ".csv",
        pieces -> {
          // The mark in front tells Excel of UTF-8.
          StringBuilder text = new StringBuilder("\uFEFF");
          line(text, kept.stream().map(Column::id).toList());
          while (rows.hasNext()) {
            R row = rows.next();
            line(text, kept.stream().map(column -> field(column.cell().apply(row))).toList());
            if (text.length() >= PIECE_CHARS) {
              pieces.write(text.toString().getBytes(StandardCharsets.UTF_8));
              text.setLength(0);
            }
          }
          pieces.write(text.toString().getBytes(StandardCharsets.UTF_8));
        });
  }

  /** A spreadsheet would compute a text that begins like a formula. */
  private static String field(Cell cell) {
    String raw = cell.raw();
    boolean formula = !raw.isEmpty() && "=+-@\t\r".indexOf(raw.charAt(0)) >= 0;
    return formula && !cell.isFigure() ? "'" + raw : raw;
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
