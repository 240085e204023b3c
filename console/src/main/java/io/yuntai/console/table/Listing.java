package io.yuntai.console.table;

import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rows of a kind: a page of them as a table, and all of them as a file, however many there are.
 *
 * @param id unlike that of other tables of the page; letters and dashes
 * @param columns all of them
 * @param sortable ids of the columns that its reader may sort by
 * @param sort what it is sorted by: such an id, {@code -} before it for the largest first; empty
 *     for an order of its own
 * @param rows reads a page of rows
 */
public record Listing<R>(
    String id,
    List<Column<R>> columns,
    Set<String> sortable,
    String sort,
    Function<PageRequest, Page<R>> rows) {
  /** Most rows of a page. */
  public static final int ROWS = 100;

  /** Most rows that are read to be sorted. */
  public static final int SORTED = 10_000;

  private static final int MAX_SORT_CHARS = 60;

  /** Copies the lists. */
  public Listing {
    columns = List.copyOf(columns);
    sortable = Set.copyOf(sortable);
  }

  /** Of a list that is read page by page, in its own order. */
  public static <R> Listing<R> of(
      String id, List<Column<R>> columns, Function<PageRequest, Page<R>> rows) {
    return new Listing<>(id, columns, Set.of(), "", rows);
  }

  /** Of a list that is known, in this order unless its reader wants another. */
  public static <R> Listing<R> of(Visit visit, String id, List<Column<R>> columns, List<R> all) {
    String sort = sort(visit, id);
    List<R> sorted = sorted(columns, sort, all);
    Set<String> sortable =
        columns.stream()
            .map(Column::id)
            .filter(column -> !column.equals("actions"))
            .collect(Collectors.toSet());
    return new Listing<>(id, columns, sortable, sort, pages(sorted));
  }

  /**
   * Of a list that is read page by page but short enough to be sorted: of very many the first
   * {@link #SORTED}. As a file in its own order it has all of them.
   */
  public static <R> Listing<R> sortedOf(
      Visit visit, String id, List<Column<R>> columns, Function<PageRequest, Page<R>> read) {
    if (Table.isExport(visit) && sort(visit, id).isEmpty()) {
      return of(id, columns, read);
    }
    List<R> all = new ArrayList<>();
    Rows<R> rows = new Rows<>(read);
    while (all.size() < SORTED && rows.hasNext()) {
      all.add(rows.next());
    }
    return of(visit, id, columns, all);
  }

  /** The column that the reader wants it sorted by, {@code -} before it for the largest first. */
  public static String sort(Visit visit, String id) {
    String sort = Table.isMeant(visit, id) ? visit.query().text(Table.SORT) : "";
    return sort.length() <= MAX_SORT_CHARS ? sort : "";
  }

  private static <R> List<R> sorted(List<Column<R>> columns, String sort, List<R> all) {
    boolean falling = sort.startsWith("-");
    String name = falling ? sort.substring(1) : sort;
    Optional<Column<R>> by = columns.stream().filter(column -> column.id().equals(name)).findAny();
    if (by.isEmpty()) {
      return all;
    }
    Comparator<R> order = Comparator.comparing(row -> by.get().cell().apply(row), Listing::compare);
    return all.stream().sorted(falling ? order.reversed() : order).toList();
  }

  /** Numbers by their size, all else by its text; nothing comes first. */
  private static int compare(Cell one, Cell other) {
    String left = one.raw();
    String right = other.raw();
    if (one.isFigure() && other.isFigure()) {
      try {
        return new BigDecimal(left).compareTo(new BigDecimal(right));
      } catch (NumberFormatException _) {
        // such as a price with its currency
      }
    }
    return String.CASE_INSENSITIVE_ORDER.compare(left, right);
  }

  /** A list that is known, page by page. */
  public static <R> Function<PageRequest, Page<R>> pages(List<R> all) {
    return request -> slice(all, request);
  }

  private static <R> Page<R> slice(List<R> all, PageRequest request) {
    int from = (int) Math.min(all.size(), request.afterId());
    int to = Math.min(all.size(), from + request.limit());
    return new Page<>(
        all.subList(from, to),
        to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  /** Whether the reader wants it as a file. */
  public boolean isWanted(Visit visit) {
    return Table.isExport(visit) && Table.isMeant(visit, id);
  }

  /**
   * The page of it that the reader is at.
   *
   * @param empty what is said where there are no rows
   */
  public Table table(Visit visit, String empty) {
    return table(visit, ROWS, empty);
  }

  /** The same with at most so many rows. */
  public Table table(Visit visit, int most, String empty) {
    Optional<String> cursor =
        Table.isMeant(visit, id) ? visit.query().first(Table.CURSOR) : Optional.empty();
    Page<R> page = rows.apply(new PageRequest(cursor, most));
    return Table.of(visit, this, page, empty);
  }

  /** All columns and rows as a file (RFC 4180), which is read while it is sent. */
  public View csv(String name) {
    Rows<R> all = new Rows<>(rows);
    return Table.csv(name, columns, all);
  }

  /** One page after the other. */
  private static final class Rows<R> implements Iterator<R> {
    private final Function<PageRequest, Page<R>> read;
    private Page<R> page;
    private int at;

    /** Reads the first page at once, so that a refusal comes before the first byte. */
    Rows(Function<PageRequest, Page<R>> read) {
      this.read = read;
      this.page = read.apply(PageRequest.first(PageRequest.MAX_LIMIT));
    }

    @Override
    public boolean hasNext() {
      while (at == page.items().size() && page.next().isPresent()) {
        page = read.apply(new PageRequest(page.next(), PageRequest.MAX_LIMIT));
        at = 0;
      }
      return at < page.items().size();
    }

    @Override
    public R next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.items().get(at++);
    }
  }
}
