package io.yuntai.planner.csv;

import io.yuntai.planner.PlannerException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comma-separated values (RFC 4180), row by row, in the memory of one row. */
public final class CsvRows {
  private static final int MAX_CELL_CHARS = 16_384;
  private static final int MAX_CELLS = 512;
  private static final int BUFFER_CHARS = 1 << 16;

  private final Reader text;
  private final String name;
  private final char[] buffer = new char[BUFFER_CHARS];
  private final StringBuilder cell = new StringBuilder();
  private int at;
  private int filled;
  private int line = 1;
  private int rowLine = 1;

  /**
   * Of a text.
   *
   * @param name for errors
   */
  public CsvRows(Reader text, String name) {
    this.text = text;
    this.name = name;
  }

  /** The line on which the last row began; the first is 1. */
  public int line() {
    return rowLine;
  }

  /** The next row that is not blank; null at the end. */
  public @Nullable List<String> next() throws IOException {
    List<String> cells = new ArrayList<>();
    while (true) {
      rowLine = line;
      boolean more = row(cells);
      if (cells.size() > 1 || !cells.getFirst().isBlank()) {
        return cells;
      }
      if (!more) {
        return null;
      }
      cells.clear();
    }
  }

  private boolean row(List<String> cells) throws IOException {
    cell.setLength(0);
    int c = read();
    boolean quoted = false;
    while (true) {
      if (quoted) {
        c = quotedText(c);
        quoted = false;
      } else if (c == '"' && cell.isEmpty()) {
        quoted = true;
        c = read();
      } else if (c == ',' || c == '\n' || c < 0) {
        end(cells);
        if (c == ',') {
          c = read();
          continue;
        }
        line += c == '\n' ? 1 : 0;
        return c >= 0;
      } else {
        append(c);
        c = read();
      }
    }
  }

  /** To the closing quote; gives what comes after it. */
  private int quotedText(int first) throws IOException {
    int c = first;
    while (true) {
      if (c < 0) {
        throw new PlannerException("%s:%d: a quote is not closed.".formatted(name, rowLine));
      }
      if (c == '"') {
        c = read();
        if (c != '"') {
          return c;
        }
      }
      line += c == '\n' ? 1 : 0;
      append(c);
      c = read();
    }
  }

  private void end(List<String> cells) {
    int length = cell.length();
    if (length > 0 && cell.charAt(length - 1) == '\r') {
      cell.setLength(length - 1);
    }
    if (cells.size() == MAX_CELLS) {
      throw new PlannerException("%s:%d: more than %d cells.".formatted(name, rowLine, MAX_CELLS));
    }
    cells.add(cell.toString());
    cell.setLength(0);
  }

  private void append(int c) {
    if (cell.length() == MAX_CELL_CHARS) {
      throw new PlannerException(
          "%s:%d: a cell of more than %d characters.".formatted(name, rowLine, MAX_CELL_CHARS));
    }
    cell.append((char) c);
  }

  private int read() throws IOException {
    if (at == filled) {
      filled = text.read(buffer, 0, BUFFER_CHARS);
      at = 0;
      if (filled <= 0) {
        filled = 0;
        return -1;
      }
    }
    return buffer[at++];
  }
}
