package io.yuntai.planner.solver;

import java.util.Arrays;

/** Which rows a column touches when it is eliminated, each before those that depend on it. */
final class Reach {
  private final SparseColumns lower;
  private final int[] stepOfRow;
  private final int[] seen;
  private final int[] stack;
  private final int[] next;
  private int round;

  Reach(int m, SparseColumns lower, int[] stepOfRow) {
    this.lower = lower;
    this.stepOfRow = stepOfRow;
    seen = new int[m];
    stack = new int[m];
    next = new int[m];
  }

  /** Fills the pattern from its front; how many rows. */
  int of(SparseLu.Columns columns, int column, int[] pattern) {
    round++;
    int top = pattern.length;
    for (int k = columns.begin(column); k < columns.end(column); k++) {
      if (seen[columns.row(k)] != round) {
        top = visit(columns.row(k), pattern, top);
      }
    }
    int count = pattern.length - top;
    System.arraycopy(pattern, top, pattern, 0, count);
    return count;
  }

  private int visit(int start, int[] pattern, int from) {
    int top = from;
    int depth = 0;
    push(depth, start);
    while (depth >= 0) {
      int row = stack[depth];
      int step = stepOfRow[row];
      boolean down = false;
      if (step >= 0) {
        while (next[depth] < lower.end(step)) {
          int child = lower.index(next[depth]++);
          if (seen[child] != round) {
            push(++depth, child);
            down = true;
            break;
          }
        }
      }
      if (!down) {
        pattern[--top] = row;
        depth--;
      }
    }
    return top;
  }

  private void push(int depth, int row) {
    seen[row] = round;
    stack[depth] = row;
    next[depth] = stepOfRow[row] >= 0 ? lower.begin(stepOfRow[row]) : 0;
  }

  @Override
  public String toString() {
    return Arrays.toString(stack);
  }
}
