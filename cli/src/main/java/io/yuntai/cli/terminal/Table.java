package io.yuntai.cli.terminal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jline.utils.WCWidth;

/** Rows in columns, as wide as their content. */
public final class Table {
  private static final String GAP = "  ";

  private final Screen screen;
  private final List<String[]> rows = new ArrayList<>();
  private final BitSet right = new BitSet();

  /** With these headings. */
  public Table(Screen screen, String... headings) {
    this.screen = screen;
    rows.add(headings);
  }

  /** Aligns columns of numbers at their ends. */
  public Table alignRight(int... columns) {
    for (int column : columns) {
      right.set(column);
    }
    return this;
  }

  /** One more row, as long as the headings. */
  public void row(String... cells) {
    rows.add(cells);
  }

  /** Prints headings and rows as results. */
  public void print() {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    screen.result(screen.resultStyle().faint(line(rows.getFirst(), widths)));
    rows.stream().skip(1).forEach(row -> screen.result(line(row, widths)));
  }

  private String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(row[i]));
      line.append(right.get(i) ? padding + row[i] : row[i] + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  /** Columns of a terminal: Chinese characters take two. */
  private static int width(String cell) {
    return cell.codePoints().map(WCWidth::wcwidth).filter(columns -> columns > 0).sum();
  }
}
