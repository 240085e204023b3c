package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import java.util.Arrays;

/**
 * The basic columns of a program {@code A x - y = 0}, factored, with the changes since. Columns
 * from {@code n} on are the {@code y}, one for each row.
 */
final class Basis implements SparseLu.Columns {
  private static final int MOST_CHANGES = 100;

  final int m;
  final int n;
  private final int[] starts;
  private final int[] rows;
  private final double[] values;

  /** The column at each position. */
  final int[] head;

  /** The position of each column; -1 for those that are not basic. */
  final int[] place;

  private SparseLu factors;
  private SparseColumns changes;
  private final int[] changedAt = new int[MOST_CHANGES + 1];
  private final double[] changePivot = new double[MOST_CHANGES + 1];
  private int changeCount;

  Basis(LinearProgram program) {
    m = program.rowCount();
    n = program.columns();
    int entries = program.entries();
    starts = Arrays.copyOf(program.starts(), n + m + 1);
    rows = Arrays.copyOf(program.rows(), entries + m);
    values = Arrays.copyOf(program.values(), entries + m);
    for (int i = 0; i < m; i++) {
      rows[entries + i] = i;
      values[entries + i] = -1;
      starts[n + i + 1] = entries + i + 1;
    }
    head = new int[m];
    place = new int[n + m];
    Arrays.fill(place, -1);
    for (int i = 0; i < m; i++) {
      head[i] = n + i;
      place[n + i] = i;
    }
    factors = new SparseLu(m, this);
    changes = new SparseColumns(MOST_CHANGES + 1);
  }

  @Override
  public int begin(int position) {
    return starts[head[position]];
  }

  @Override
  public int end(int position) {
    return starts[head[position] + 1];
  }

  @Override
  public int row(int at) {
    return rows[at];
  }

  @Override
  public double value(int at) {
    return values[at];
  }

  /** Adds a multiple of a column to a vector over rows. */
  void addColumn(int column, double factor, double[] to) {
    for (int k = starts[column]; k < starts[column + 1]; k++) {
      to[rows[k]] += factor * values[k];
    }
  }

  /** The product of a column and a vector over rows. */
  double product(int column, double[] y) {
    double sum = 0;
    for (int k = starts[column]; k < starts[column + 1]; k++) {
      sum += values[k] * y[rows[k]];
    }
    return sum;
  }

  /** Puts columns into the basis, whatever was there. */
  void set(int[] columns) {
    Arrays.fill(place, -1);
    for (int i = 0; i < m; i++) {
      head[i] = columns[i];
      place[columns[i]] = i;
    }
  }

  /**
   * Factors anew.
   *
   * @return columns that had to leave, since they depend on others
   */
  int[] factor() {
    factors = new SparseLu(m, this);
    changes = new SparseColumns(MOST_CHANGES + 1);
    changeCount = 0;
    int[] replaced = factors.replaced();
    int[] left = new int[replaced.length / 2];
    for (int k = 0; k < left.length; k++) {
      int position = replaced[2 * k];
      int unit = n + replaced[2 * k + 1];
      left[k] = head[position];
      place[head[position]] = -1;
      head[position] = unit;
      place[unit] = position;
    }
    if (left.length > 0) {
      factors = new SparseLu(m, this);
    }
    return left;
  }

  int changeCount() {
    return changeCount;
  }

  boolean isFull() {
    return changeCount >= MOST_CHANGES || changes.size() > 3 * (factors.entries() + m);
  }

  /** Solves {@code B x = b}; rows in, positions out. */
  void solve(double[] b) {
    factors.solve(b);
    for (int c = 0; c < changeCount; c++) {
      int at = changedAt[c];
      double value = b[at];
      if (value != 0) {
        value /= changePivot[c];
        for (int e = changes.begin(c); e < changes.end(c); e++) {
          b[changes.index(e)] -= changes.value(e) * value;
        }
        b[at] = value;
      }
    }
  }

  /** Solves {@code y B = c}; positions in, rows out. */
  void solveTransposed(double[] c) {
    for (int k = changeCount - 1; k >= 0; k--) {
      double sum = c[changedAt[k]];
      for (int e = changes.begin(k); e < changes.end(k); e++) {
        sum -= changes.value(e) * c[changes.index(e)];
      }
      c[changedAt[k]] = sum / changePivot[k];
    }
    factors.solveTransposed(c);
  }

  /**
   * Puts a column in the place of another.
   *
   * @param solved the entering column, solved by this basis
   */
  void replace(int position, int entering, double[] solved) {
    for (int i = 0; i < m; i++) {
      if (i != position && Math.abs(solved[i]) > 1e-14) {
        changes.add(i, solved[i]);
      }
    }
    changes.close(changeCount);
    changedAt[changeCount] = position;
    changePivot[changeCount++] = solved[position];
    place[head[position]] = -1;
    head[position] = entering;
    place[entering] = position;
  }
}
