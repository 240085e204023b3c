package io.yuntai.planner.solver;

import java.util.Arrays;

/**
 * In which order the columns of a basis are factored: columns with one row left, then rows with one
 * column left, then the rest, the emptiest first.
 */
final class PivotOrder {
  private final int m;
  private final int[] columnAt;
  private final int[] rowAt;
  private final int[] rowCounts;

  PivotOrder(int m, SparseLu.Columns columns) {
    this.m = m;
    columnAt = new int[m];
    rowAt = new int[m];
    rowCounts = new int[m];
    Arrays.fill(rowAt, -1);
    order(columns);
  }

  private void order(SparseLu.Columns columns) {
    int[] columnCounts = new int[m];
    int[] starts = new int[m + 1];
    for (int j = 0; j < m; j++) {
      for (int k = columns.begin(j); k < columns.end(j); k++) {
        columnCounts[j]++;
        rowCounts[columns.row(k)]++;
      }
    }
    for (int i = 0; i < m; i++) {
      starts[i + 1] = starts[i] + rowCounts[i];
    }
    int[] byRow = new int[starts[m]];
    int[] next = Arrays.copyOf(starts, m);
    for (int j = 0; j < m; j++) {
      for (int k = columns.begin(j); k < columns.end(j); k++) {
        byRow[next[columns.row(k)]++] = j;
      }
    }
    boolean[] columnDone = new boolean[m];
    boolean[] rowDone = new boolean[m];
    int placed = singleColumns(columns, columnCounts, starts, byRow, columnDone, rowDone);
    placed = singleRows(columns, starts, byRow, columnDone, rowDone, placed);
    rest(columnCounts, columnDone, placed);
  }

  private int singleColumns(
      SparseLu.Columns columns,
      int[] columnCounts,
      int[] starts,
      int[] byRow,
      boolean[] columnDone,
      boolean[] rowDone) {
    int[] queue = new int[m];
    int size = 0;
    for (int j = 0; j < m; j++) {
      if (columnCounts[j] == 1) {
        queue[size++] = j;
      }
    }
    int placed = 0;
    for (int q = 0; q < size; q++) {
      int column = queue[q];
      if (columnCounts[column] != 1) {
        continue;
      }
      int row = -1;
      for (int k = columns.begin(column); k < columns.end(column); k++) {
        if (!rowDone[columns.row(k)]) {
          row = columns.row(k);
        }
      }
      columnAt[placed] = column;
      rowAt[placed++] = row;
      columnDone[column] = true;
      rowDone[row] = true;
      for (int k = starts[row]; k < starts[row + 1]; k++) {
        if (!columnDone[byRow[k]] && --columnCounts[byRow[k]] == 1) {
          queue[size++] = byRow[k];
        }
      }
    }
    return placed;
  }

  private int singleRows(
      SparseLu.Columns columns,
      int[] starts,
      int[] byRow,
      boolean[] columnDone,
      boolean[] rowDone,
      int from) {
    int[] queue = new int[m];
    int size = 0;
    for (int i = 0; i < m; i++) {
      rowCounts[i] = 0;
      for (int k = starts[i]; k < starts[i + 1]; k++) {
        rowCounts[i] += columnDone[byRow[k]] ? 0 : 1;
      }
      if (!rowDone[i] && rowCounts[i] == 1) {
        queue[size++] = i;
      }
    }
    int placed = from;
    for (int q = 0; q < size; q++) {
      int row = queue[q];
      if (rowCounts[row] != 1) {
        continue;
      }
      int column = -1;
      for (int k = starts[row]; k < starts[row + 1]; k++) {
        if (!columnDone[byRow[k]]) {
          column = byRow[k];
        }
      }
      columnAt[placed] = column;
      rowAt[placed++] = row;
      columnDone[column] = true;
      rowDone[row] = true;
      for (int k = columns.begin(column); k < columns.end(column); k++) {
        int other = columns.row(k);
        if (!rowDone[other] && --rowCounts[other] == 1) {
          queue[size++] = other;
        }
      }
    }
    return placed;
  }

  private void rest(int[] columnCounts, boolean[] columnDone, int from) {
    long[] keys = new long[m - from];
    int size = 0;
    for (int j = 0; j < m; j++) {
      if (!columnDone[j]) {
        keys[size++] = ((long) columnCounts[j] << 32) | j;
      }
    }
    Arrays.sort(keys);
    for (int k = 0; k < size; k++) {
      columnAt[from + k] = (int) keys[k];
    }
  }

  int column(int at) {
    return columnAt[at];
  }

  /** The row that must be its pivot; -1 where any may. */
  int row(int at) {
    return rowAt[at];
  }

  /** Entries of a row in the part that stands not alone. */
  int rowCount(int row) {
    return rowCounts[row];
  }
}
