package io.yuntai.planner.solver;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Growing sparse columns, filled one after the other. */
final class SparseColumns {
  private final int columns;
  private final int[] starts;
  private int[] indices = new int[256];
  private double[] values = new double[256];
  private int size;

  SparseColumns(int columns) {
    this.columns = columns;
    starts = new int[columns + 1];
  }

  void add(int index, double value) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    indices[size] = index;
    values[size++] = value;
  }

  /** Ends the column with this number. */
  void close(int column) {
    starts[column + 1] = size;
  }

  int begin(int column) {
    return starts[column];
  }

  int end(int column) {
    return starts[column + 1];
  }

  int index(int at) {
    return indices[at];
  }

  double value(int at) {
    return values[at];
  }

  int size() {
    return size;
  }

  /**
   * The transpose.
   *
   * @param rename what an index becomes before it is a column of the transpose; null leaves it
   */
  SparseColumns byRow(int @Nullable [] rename) {
    SparseColumns result = new SparseColumns(columns);
    result.indices = new int[Math.max(1, size)];
    result.values = new double[Math.max(1, size)];
    result.size = size;
    for (int k = 0; k < size; k++) {
      result.starts[(rename == null ? indices[k] : rename[indices[k]]) + 1]++;
    }
    for (int j = 0; j < columns; j++) {
      result.starts[j + 1] += result.starts[j];
    }
    int[] next = Arrays.copyOf(result.starts, columns);
    for (int j = 0; j < columns; j++) {
      for (int k = starts[j]; k < starts[j + 1]; k++) {
        int at = next[rename == null ? indices[k] : rename[indices[k]]]++;
        result.indices[at] = j;
        result.values[at] = values[k];
      }
    }
    return result;
  }
}
