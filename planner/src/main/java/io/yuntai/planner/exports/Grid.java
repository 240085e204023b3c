package io.yuntai.planner.exports;

import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/** A sheet of rows by quarter: a name, a unit, then a column for each quarter. */
final class Grid {
  /** The column of the first quarter. */
  static final int FIRST = 2;

  private final Sheet sheet;
  private final int quarters;
  private int next = 1;

  Grid(Sheet sheet, int quarters, IntFunction<String> labels) {
    this.sheet = sheet;
    this.quarters = quarters;
    sheet.heading(0, 0, sheet.name());
    sheet.heading(0, 1, "unit");
    for (int t = 0; t < quarters; t++) {
      sheet.heading(0, FIRST + t, labels.apply(t));
    }
  }

  /** A line of its own above some rows. */
  void title(String title) {
    next++;
    sheet.heading(next++, 0, title);
  }

  /** Numbers that people may change; gives the row. */
  int inputs(String name, String unit, IntToDoubleFunction values) {
    int row = name(name, unit);
    for (int t = 0; t < quarters; t++) {
      sheet.input(row, FIRST + t, values.applyAsDouble(t));
    }
    return row;
  }

  /** Numbers that the plan has decided; gives the row. */
  int numbers(String name, String unit, IntToDoubleFunction values) {
    int row = name(name, unit);
    for (int t = 0; t < quarters; t++) {
      sheet.number(row, FIRST + t, values.applyAsDouble(t));
    }
    return row;
  }

  /** Formulas; gives the row. */
  int formulas(String name, String unit, IntFunction<String> formulas) {
    int row = name(name, unit);
    for (int t = 0; t < quarters; t++) {
      sheet.formula(row, FIRST + t, formulas.apply(t));
    }
    return row;
  }

  /** One number that people may change, in the column of the first quarter; gives the row. */
  int input(String name, String unit, double value) {
    int row = name(name, unit);
    sheet.input(row, FIRST, value);
    return row;
  }

  private int name(String name, String unit) {
    sheet.text(next, 0, name);
    sheet.text(next, 1, unit);
    return next++;
  }

  /** The row after the last. */
  int next() {
    return next;
  }

  Sheet sheet() {
    return sheet;
  }

  /** A quarter's cell of a row, for other sheets. */
  String at(int row, int quarter) {
    return sheet.at(row, FIRST + quarter);
  }

  /** The one cell of a row, for other sheets, however formulas are moved. */
  String one(int row) {
    return "'" + sheet.name() + "'!$" + Sheet.letters(FIRST) + "$" + (row + 1);
  }

  /** A quarter's cells of rows on end. */
  String down(int fromRow, int toRow, int quarter) {
    return sheet.range(fromRow, FIRST + quarter, toRow, FIRST + quarter);
  }

  /** Some quarters of a row. */
  String along(int row, int from, int to) {
    return sheet.range(row, FIRST + from, row, FIRST + to);
  }
}
