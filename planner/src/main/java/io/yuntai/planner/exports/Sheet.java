package io.yuntai.planner.exports;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One sheet of a workbook: cells by row and column, counted from 0. */
final class Sheet {
  private final String name;
  private final NavigableMap<Integer, NavigableMap<Integer, Cell>> rows = new TreeMap<>();

  Sheet(String name) {
    this.name = name;
  }

  /** What a cell holds. */
  sealed interface Cell {
    /** Words. */
    record Text(String text, boolean bold) implements Cell {}

    /** A number. */
    record Amount(double value, boolean input) implements Cell {}

    /** A formula without its equals sign. */
    record Formula(String formula) implements Cell {}
  }

  String name() {
    return name;
  }

  Map<Integer, NavigableMap<Integer, Cell>> rows() {
    return rows;
  }

  void text(int row, int column, String text) {
    put(row, column, new Cell.Text(text, false));
  }

  void heading(int row, int column, String text) {
    put(row, column, new Cell.Text(text, true));
  }

  /** A number that people may change. */
  void input(int row, int column, double value) {
    put(row, column, new Cell.Amount(value, true));
  }

  void number(int row, int column, double value) {
    put(row, column, new Cell.Amount(value, false));
  }

  void formula(int row, int column, String formula) {
    put(row, column, new Cell.Formula(formula));
  }

  private void put(int row, int column, Cell cell) {
    rows.computeIfAbsent(row, _ -> new TreeMap<>()).put(column, cell);
  }

  /** A cell as other sheets name it: {@code 'Drivers 1'!C5}. */
  String at(int row, int column) {
    return "'" + name + "'!" + local(row, column);
  }

  /** Cells of a column or of a row. */
  String range(int fromRow, int fromColumn, int toRow, int toColumn) {
    return "'" + name + "'!" + local(fromRow, fromColumn) + ":" + local(toRow, toColumn);
  }

  /** A cell as its own sheet names it. */
  static String local(int row, int column) {
    return letters(column) + (row + 1);
  }

  static String letters(int column) {
    StringBuilder letters = new StringBuilder();
    for (int at = column; at >= 0; at = at / 26 - 1) {
      letters.insert(0, (char) ('A' + at % 26));
    }
    return letters.toString();
  }
}
