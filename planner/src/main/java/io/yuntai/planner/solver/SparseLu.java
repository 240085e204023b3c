package io.yuntai.planner.solver;

import java.util.Arrays;

/**
 * Factors of a sparse square matrix, {@code B = L U} up to orders of rows and columns. Columns and
 * rows that stand alone are pivots first, as most are in a basis; what is left is factored column
 * by column (J. Gilbert and T. Peierls, 1988), each pivot the row with the fewest entries of those
 * that are not small.
 */
final class SparseLu {
  private static final double TINY = 1e-11;
  private static final double THRESHOLD = 0.1;

  private final int m;
  private final SparseColumns lower;
  private final SparseColumns upper;
  private SparseColumns lowerByRow;
  private SparseColumns upperByRow;
  private final double[] pivot;

  /** The row that was the pivot at a step. */
  private final int[] rowAt;

  /** The column that was factored at a step. */
  private final int[] columnAt;

  private final int[] stepOfRow;

  /** Which column could not be factored, and in which row it was replaced by a unit; by pairs. */
  private int[] replaced = {};

  private final double[] work;

  /** Row indices of a column's entries; a negative size of the basis is not there. */
  interface Columns {
    int begin(int column);

    int end(int column);

    int row(int at);

    double value(int at);
  }

  SparseLu(int m, Columns columns) {
    this.m = m;
    lower = new SparseColumns(m);
    upper = new SparseColumns(m);
    pivot = new double[m];
    rowAt = new int[m];
    columnAt = new int[m];
    stepOfRow = new int[m];
    work = new double[m];
    factor(columns);
    lowerByRow = lower.byRow(stepOfRow);
    upperByRow = upper.byRow(null);
  }

  private void factor(Columns columns) {
    PivotOrder order = new PivotOrder(m, columns);
    Arrays.fill(stepOfRow, -1);
    double[] x = new double[m];
    int[] pattern = new int[m];
    Reach reach = new Reach(m, lower, stepOfRow);
    int[] failed = new int[m];
    int failures = 0;
    int step = 0;
    for (int at = 0; at < m; at++) {
      int column = order.column(at);
      int count = reach.of(columns, column, pattern);
      for (int k = columns.begin(column); k < columns.end(column); k++) {
        x[columns.row(k)] += columns.value(k);
      }
      eliminate(x, pattern, count);
      int row = choose(x, pattern, count, order, order.row(at));
      if (row < 0) {
        failed[failures++] = column;
        for (int k = 0; k < count; k++) {
          x[pattern[k]] = 0;
        }
        continue;
      }
      store(x, pattern, count, row, step);
      columnAt[step] = column;
      step++;
    }
    replaceFailed(failed, failures, step);
  }

  /** The pattern is in the order in which rows depend on each other. */
  private void eliminate(double[] x, int[] pattern, int count) {
    for (int k = 0; k < count; k++) {
      int row = pattern[k];
      int step = stepOfRow[row];
      double value = x[row];
      if (step >= 0 && value != 0) {
        for (int e = lower.begin(step); e < lower.end(step); e++) {
          x[lower.index(e)] -= lower.value(e) * value;
        }
      }
    }
  }

  private int choose(double[] x, int[] pattern, int count, PivotOrder order, int wanted) {
    double largest = 0;
    for (int k = 0; k < count; k++) {
      if (stepOfRow[pattern[k]] < 0) {
        largest = Math.max(largest, Math.abs(x[pattern[k]]));
      }
    }
    if (largest < TINY) {
      return -1;
    }
    if (wanted >= 0 && stepOfRow[wanted] < 0 && Math.abs(x[wanted]) > TINY) {
      return wanted;
    }
    int best = -1;
    for (int k = 0; k < count; k++) {
      int row = pattern[k];
      if (stepOfRow[row] < 0
          && Math.abs(x[row]) >= THRESHOLD * largest
          && (best < 0
              || order.rowCount(row) < order.rowCount(best)
              || (order.rowCount(row) == order.rowCount(best)
                  && Math.abs(x[row]) > Math.abs(x[best])))) {
        best = row;
      }
    }
    return best;
  }

  private void store(double[] x, int[] pattern, int count, int row, int step) {
    double value = x[row];
    for (int k = 0; k < count; k++) {
      int i = pattern[k];
      if (i != row && x[i] != 0) {
        if (stepOfRow[i] >= 0) {
          upper.add(stepOfRow[i], x[i]);
        } else {
          lower.add(i, x[i] / value);
        }
      }
      x[i] = 0;
    }
    lower.close(step);
    upper.close(step);
    pivot[step] = value;
    rowAt[step] = row;
    stepOfRow[row] = step;
  }

  private void replaceFailed(int[] failed, int failures, int from) {
    replaced = new int[2 * failures];
    int step = from;
    int row = 0;
    for (int f = 0; f < failures; f++) {
      while (stepOfRow[row] >= 0) {
        row++;
      }
      lower.close(step);
      upper.close(step);
      pivot[step] = 1;
      rowAt[step] = row;
      stepOfRow[row] = step;
      columnAt[step] = failed[f];
      replaced[2 * f] = failed[f];
      replaced[2 * f + 1] = row;
      step++;
    }
  }

  /** Pairs of a column that depends on others, and the row whose unit column takes its place. */
  int[] replaced() {
    return replaced;
  }

  /** How many entries both factors have. */
  int entries() {
    return lower.size() + upper.size() + m;
  }

  /**
   * Solves {@code B x = b}.
   *
   * @param b by rows; overwritten by {@code x}, by columns
   */
  void solve(double[] b) {
    for (int step = 0; step < m; step++) {
      double value = b[rowAt[step]];
      if (value != 0) {
        for (int e = lower.begin(step); e < lower.end(step); e++) {
          b[lower.index(e)] -= lower.value(e) * value;
        }
      }
    }
    for (int step = m - 1; step >= 0; step--) {
      double value = b[rowAt[step]];
      if (value != 0) {
        value /= pivot[step];
        for (int e = upper.begin(step); e < upper.end(step); e++) {
          b[rowAt[upper.index(e)]] -= upper.value(e) * value;
        }
      }
      work[step] = value;
    }
    for (int step = 0; step < m; step++) {
      b[columnAt[step]] = work[step];
    }
  }

  /**
   * Solves {@code y B = c}.
   *
   * @param c by columns; overwritten by {@code y}, by rows
   */
  void solveTransposed(double[] c) {
    for (int step = 0; step < m; step++) {
      work[step] = c[columnAt[step]];
    }
    for (int step = 0; step < m; step++) {
      double value = work[step];
      if (value != 0) {
        value /= pivot[step];
        for (int e = upperByRow.begin(step); e < upperByRow.end(step); e++) {
          work[upperByRow.index(e)] -= upperByRow.value(e) * value;
        }
      }
      work[step] = value;
    }
    for (int step = m - 1; step >= 0; step--) {
      double value = work[step];
      if (value != 0) {
        for (int e = lowerByRow.begin(step); e < lowerByRow.end(step); e++) {
          work[lowerByRow.index(e)] -= lowerByRow.value(e) * value;
        }
      }
    }
    for (int step = 0; step < m; step++) {
      c[rowAt[step]] = work[step];
    }
  }
}
