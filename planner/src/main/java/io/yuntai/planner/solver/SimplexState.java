package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Where the simplex method stands: bounds, values and reduced costs of columns, which are at which
 * bound, and the basis. Columns from {@code n} on are the rows' activities.
 */
final class SimplexState {
  static final byte BASIC = 0;
  static final byte AT_LOWER = 1;
  static final byte AT_UPPER = 2;
  static final byte FREE = 3;

  static final double DUAL_TOLERANCE = 1e-9;

  final int n;
  final int m;
  final Basis basis;

  /** Bounds that are worked with. */
  final double[] lower;

  final double[] upper;

  /** Costs that are worked with. */
  final double[] cost;

  final double[] trueCost;
  final double[] x;
  final double[] reduced;
  final byte[] at;
  boolean costsDiffer;
  private final double[] buffer;

  SimplexState(LinearProgram program) {
    n = program.columns();
    m = program.rowCount();
    basis = new Basis(program);
    lower = Arrays.copyOf(program.lower(), n + m);
    upper = Arrays.copyOf(program.upper(), n + m);
    System.arraycopy(program.rowLower(), 0, lower, n, m);
    System.arraycopy(program.rowUpper(), 0, upper, n, m);
    trueCost = Arrays.copyOf(program.cost(), n + m);
    cost = trueCost.clone();
    x = new double[n + m];
    reduced = new double[n + m];
    at = new byte[n + m];
    buffer = new double[m];
    for (int j = 0; j < n; j++) {
      rest(j, cost[j]);
    }
  }

  /** Lets a column that is not basic lie at the bound that a reduced cost of this sign wants. */
  void rest(int j, double wanted) {
    boolean low = lower[j] > Double.NEGATIVE_INFINITY;
    boolean high = upper[j] < Double.POSITIVE_INFINITY;
    if (low && (wanted >= 0 || !high)) {
      at[j] = AT_LOWER;
      x[j] = lower[j];
    } else if (high) {
      at[j] = AT_UPPER;
      x[j] = upper[j];
    } else {
      at[j] = FREE;
      x[j] = 0;
    }
  }

  /** Lets a column stay where it is, at the value that its bounds have now. */
  void settle(int j) {
    switch (at[j]) {
      case AT_LOWER -> rest(j, 1);
      case AT_UPPER -> rest(j, upper[j] == lower[j] ? 1 : -1);
      default -> rest(j, reduced[j]);
    }
  }

  /** Values of basic columns from those of the others. */
  void computeValues() {
    Arrays.fill(buffer, 0);
    for (int j = 0; j < n + m; j++) {
      if (at[j] != BASIC && x[j] != 0) {
        basis.addColumn(j, -x[j], buffer);
      }
    }
    basis.solve(buffer);
    for (int i = 0; i < m; i++) {
      x[basis.head[i]] = buffer[i];
    }
  }

  /** Reduced costs from the basis. */
  void computeReduced() {
    for (int i = 0; i < m; i++) {
      buffer[i] = cost[basis.head[i]];
    }
    basis.solveTransposed(buffer);
    for (int j = 0; j < n + m; j++) {
      reduced[j] = at[j] == BASIC ? 0 : cost[j] - basis.product(j, buffer);
    }
  }

  /** How far a reduced cost has a sign that its column's bound does not allow. */
  double dualInfeasibility(int j) {
    return switch (at[j]) {
      case AT_LOWER -> lower[j] == upper[j] ? 0 : Math.max(0, -reduced[j]);
      case AT_UPPER -> lower[j] == upper[j] ? 0 : Math.max(0, reduced[j]);
      case FREE -> Math.abs(reduced[j]);
      default -> 0;
    };
  }

  /** Flips columns with two bounds to where they belong; how many others are wrong. */
  int flipToFeasible() {
    int wrong = 0;
    for (int j = 0; j < n + m; j++) {
      if (dualInfeasibility(j) > DUAL_TOLERANCE) {
        if (lower[j] > Double.NEGATIVE_INFINITY && upper[j] < Double.POSITIVE_INFINITY) {
          rest(j, reduced[j]);
        } else {
          wrong++;
        }
      }
    }
    return wrong;
  }

  /** Changes costs so that no reduced cost has a wrong sign. */
  void shiftToFeasible() {
    for (int j = 0; j < n + m; j++) {
      if (dualInfeasibility(j) > 0) {
        shift(j);
      }
    }
  }

  /** Changes a cost so that its reduced cost is nothing. */
  void shift(int j) {
    cost[j] -= reduced[j];
    reduced[j] = 0;
    costsDiffer = true;
  }

  /** Makes costs a little dearer, each by another amount, so that ties are rare. */
  void perturb(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int j = 0; j < n + m; j++) {
      double by = (1 + random.nextDouble()) * 1e-6 * (1 + Math.abs(trueCost[j]));
      if (lower[j] != upper[j] && at[j] != FREE) {
        boolean up = at[j] == AT_LOWER || (at[j] == BASIC && lower[j] > Double.NEGATIVE_INFINITY);
        if (at[j] != BASIC
            || lower[j] > Double.NEGATIVE_INFINITY
            || upper[j] < Double.POSITIVE_INFINITY) {
          cost[j] += up ? by : -by;
        }
      }
    }
    costsDiffer = true;
  }

  void restoreCosts() {
    System.arraycopy(trueCost, 0, cost, 0, n + m);
    costsDiffer = false;
  }

  /** Factors the basis anew, and computes all from it. */
  void refresh() {
    for (int column : basis.factor()) {
      at[column] = AT_LOWER;
      rest(column, reduced[column]);
    }
    for (int i = 0; i < m; i++) {
      at[basis.head[i]] = BASIC;
    }
    computeReduced();
    computeValues();
  }

  double objective() {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += trueCost[j] * x[j];
    }
    return sum;
  }
}
