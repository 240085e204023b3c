package io.yuntai.planner.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects rows, columns and entries in any order. */
public final class ProgramBuilder {
  /**
   * A sum that is so much smaller than its greatest term is what rounding left of nothing. As an
   * entry it would be all that {@link Scaling} looks at.
   */
  private static final double DUST = 1e-13;

  private int entryCount;
  private int[] entryRow = new int[1024];
  private int[] entryColumn = new int[1024];
  private double[] entryValue = new double[1024];
  private int rowCount;
  private double[] rowLower = new double[256];
  private double[] rowUpper = new double[256];
  private int columnCount;
  private double[] cost = new double[256];
  private double[] lower = new double[256];
  private double[] upper = new double[256];
  private boolean[] whole = new boolean[256];
  private final List<String> rowNames = new ArrayList<>();
  private final List<String> columnNames = new ArrayList<>();

  /** Adds a row; its index. */
  public int row(String name, double low, double high) {
    if (rowCount == rowLower.length) {
      rowLower = Arrays.copyOf(rowLower, rowCount * 2);
      rowUpper = Arrays.copyOf(rowUpper, rowCount * 2);
    }
    rowLower[rowCount] = low;
    rowUpper[rowCount] = high;
    rowNames.add(name);
    return rowCount++;
  }

  /** Adds a column; its index. */
  public int column(String name, double columnCost, double low, double high, boolean isWhole) {
    if (columnCount == cost.length) {
      cost = Arrays.copyOf(cost, columnCount * 2);
      lower = Arrays.copyOf(lower, columnCount * 2);
      upper = Arrays.copyOf(upper, columnCount * 2);
      whole = Arrays.copyOf(whole, columnCount * 2);
    }
    cost[columnCount] = columnCost;
    lower[columnCount] = low;
    upper[columnCount] = high;
    whole[columnCount] = isWhole;
    columnNames.add(name);
    return columnCount++;
  }

  /** Adds to the cost of a column. */
  public void cost(int column, double more) {
    cost[column] += more;
  }

  /** Adds to the bounds of a row. */
  public void shiftRow(int row, double by) {
    rowLower[row] += by;
    rowUpper[row] += by;
  }

  /** Lowers the upper bound of a column. */
  public void atMost(int column, double bound) {
    upper[column] = Math.min(upper[column], bound);
  }

  /** Adds to an entry of the matrix. */
  public void entry(int row, int column, double value) {
    if (value == 0) {
      return;
    }
    if (entryCount == entryRow.length) {
      entryRow = Arrays.copyOf(entryRow, entryCount * 2);
      entryColumn = Arrays.copyOf(entryColumn, entryCount * 2);
      entryValue = Arrays.copyOf(entryValue, entryCount * 2);
    }
    entryRow[entryCount] = row;
    entryColumn[entryCount] = column;
    entryValue[entryCount++] = value;
  }

  /** How many rows there are so far. */
  public int rowCount() {
    return rowCount;
  }

  /** How many columns there are so far. */
  public int columnCount() {
    return columnCount;
  }

  /** The program so far. */
  public LinearProgram build() {
    int[] starts = new int[columnCount + 1];
    for (int k = 0; k < entryCount; k++) {
      starts[entryColumn[k] + 1]++;
    }
    for (int j = 0; j < columnCount; j++) {
      starts[j + 1] += starts[j];
    }
    int[] rows = new int[entryCount];
    double[] values = new double[entryCount];
    int[] next = Arrays.copyOf(starts, columnCount);
    for (int k = 0; k < entryCount; k++) {
      int at = next[entryColumn[k]]++;
      rows[at] = entryRow[k];
      values[at] = entryValue[k];
    }
    int entries = merge(starts, rows, values);
    List<String> rowNameCopy = List.copyOf(rowNames);
    List<String> columnNameCopy = List.copyOf(columnNames);
    return new LinearProgram(
        starts,
        Arrays.copyOf(rows, entries),
        Arrays.copyOf(values, entries),
        Arrays.copyOf(cost, columnCount),
        Arrays.copyOf(lower, columnCount),
        Arrays.copyOf(upper, columnCount),
        Arrays.copyOf(whole, columnCount),
        Arrays.copyOf(rowLower, rowCount),
        Arrays.copyOf(rowUpper, rowCount),
        rowNameCopy::get,
        columnNameCopy::get);
  }

  /** Adds entries of the same place up, and leaves out those that come to nothing. */
  private int merge(int[] starts, int[] rows, double[] values) {
    double[] greatest = new double[values.length];
    int[] place = new int[rowCount];
    Arrays.fill(place, -1);
    int to = 0;
    for (int j = 0; j < columnCount; j++) {
      int begin = to;
      int from = starts[j];
      starts[j] = begin;
      for (int k = from; k < starts[j + 1]; k++) {
        int at = place[rows[k]];
        if (at >= begin) {
          greatest[at] = Math.max(greatest[at], Math.abs(values[k]));
          values[at] += values[k];
        } else {
          place[rows[k]] = to;
          rows[to] = rows[k];
          greatest[to] = Math.abs(values[k]);
          values[to++] = values[k];
        }
      }
      int kept = begin;
      for (int k = begin; k < to; k++) {
        place[rows[k]] = -1;
        if (Math.abs(values[k]) > DUST * greatest[k]) {
          rows[kept] = rows[k];
          values[kept++] = values[k];
        }
      }
      to = kept;
    }
    starts[columnCount] = to;
    return to;
  }
}
