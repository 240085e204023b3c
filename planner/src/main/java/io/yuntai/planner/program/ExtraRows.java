package io.yuntai.planner.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows that are found to be missing, and are added to a program. */
public final class ExtraRows {
  private final List<Row> rows = new ArrayList<>();

  /**
   * A row.
   *
   * @param columns each once
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(String name, int[] columns, double[] values, double lower, double upper) {}

  /** Collects a row. */
  public void add(Row row) {
    rows.add(row);
  }

  /** How many rows were collected. */
  public int size() {
    return rows.size();
  }

  /** The program with these rows after its own. */
  public LinearProgram appendedTo(LinearProgram program) {
    int n = program.columns();
    int m = program.rowCount();
    int[] starts = new int[n + 1];
    for (int j = 0; j < n; j++) {
      starts[j + 1] = program.starts()[j + 1] - program.starts()[j];
    }
    for (Row row : rows) {
      for (int column : row.columns) {
        starts[column + 1]++;
      }
    }
    for (int j = 0; j < n; j++) {
      starts[j + 1] += starts[j];
    }
    int[] index = new int[starts[n]];
    double[] values = new double[starts[n]];
    int[] next = Arrays.copyOf(starts, n);
    for (int j = 0; j < n; j++) {
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        index[next[j]] = program.rows()[k];
        values[next[j]++] = program.values()[k];
      }
    }
    double[] lower = Arrays.copyOf(program.rowLower(), m + rows.size());
    double[] upper = Arrays.copyOf(program.rowUpper(), m + rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      lower[m + i] = row.lower;
      upper[m + i] = row.upper;
      for (int k = 0; k < row.columns.length; k++) {
        int column = row.columns[k];
        index[next[column]] = m + i;
        values[next[column]++] = row.values[k];
      }
    }
    List<Row> all = List.copyOf(rows);
    LinearProgram.Names names = i -> i < m ? program.rowNames().of(i) : all.get(i - m).name;
    return new LinearProgram(
        starts,
        index,
        values,
        program.cost(),
        program.lower(),
        program.upper(),
        program.whole(),
        lower,
        upper,
        names,
        program.columnNames());
  }
}
