package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import java.util.Arrays;

/** A program's matrix by rows, for products from the left. */
final class RowMatrix {
  private final int n;
  private final int m;
  private final int[] starts;
  private final int[] columns;
  private final double[] values;
  private final boolean[] seen;

  RowMatrix(LinearProgram program) {
    n = program.columns();
    m = program.rowCount();
    starts = new int[m + 1];
    int entries = program.entries();
    columns = new int[entries];
    values = new double[entries];
    seen = new boolean[n];
    for (int k = 0; k < entries; k++) {
      starts[program.rows()[k] + 1]++;
    }
    for (int i = 0; i < m; i++) {
      starts[i + 1] += starts[i];
    }
    int[] next = Arrays.copyOf(starts, m);
    for (int j = 0; j < n; j++) {
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        int to = next[program.rows()[k]]++;
        columns[to] = j;
        values[to] = program.values()[k];
      }
    }
  }

  /**
   * {@code rho (A | -I)} for columns that are not basic.
   *
   * @param result over all columns; nothing where not touched
   * @return how many were touched
   */
  int pivotRow(double[] rho, byte[] at, double[] result, int[] touched) {
    int count = 0;
    for (int i = 0; i < m; i++) {
      double factor = rho[i];
      if (Math.abs(factor) < 1e-14) {
        continue;
      }
      if (at[n + i] != SimplexState.BASIC) {
        result[n + i] = -factor;
        touched[count++] = n + i;
      }
      for (int k = starts[i]; k < starts[i + 1]; k++) {
        int j = columns[k];
        if (at[j] != SimplexState.BASIC) {
          if (!seen[j]) {
            seen[j] = true;
            touched[count++] = j;
          }
          result[j] += factor * values[k];
        }
      }
    }
    for (int k = 0; k < count; k++) {
      if (touched[k] < n) {
        seen[touched[k]] = false;
      }
    }
    return count;
  }
}
