package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The dual simplex method for columns with bounds: steepest edges (J. Forrest and D. Goldfarb,
 * 1992), a ratio test that flips, costs shifted against ties, and a first phase on a program of
 * boxes where the start is not dual feasible (A. Koberstein, 2005). Can be run again after bounds
 * changed, from the basis that it left.
 */
final class DualSimplex {
  private static final double FEASIBLE = 1e-9;
  private static final int PATIENCE = 30;
  private static final double BOX = 1000;

  /** How a run ended. */
  enum Ended {
    OPTIMAL,
    INFEASIBLE,
    UNBOUNDED,
    CUT_OFF,
    LIMIT
  }

  private final LinearProgram program;
  final SimplexState state;
  private final RowMatrix byRow;
  private final RatioTest ratio;
  private final double[] weights;
  private final double[] pivotRow;
  private final int[] touched;
  private int touchedCount;
  private final double[] rho;
  private final double[] solved;
  private final double[] tau;
  private final long seed;
  private long iterations;
  private int idle;

  DualSimplex(LinearProgram program, long seed) {
    this.program = program;
    this.seed = seed;
    state = new SimplexState(program);
    byRow = new RowMatrix(program);
    ratio = new RatioTest(state.n + state.m);
    weights = new double[state.m];
    Arrays.fill(weights, 1);
    pivotRow = new double[state.n + state.m];
    touched = new int[state.n + state.m];
    rho = new double[state.m];
    solved = new double[state.m];
    tau = new double[state.m];
    if (state.n > 2000) {
      state.perturb(seed);
    }
  }

  long iterations() {
    return iterations;
  }

  /** Takes bounds of columns, and lets those that are not basic lie at them. */
  void bounds(double[] lower, double[] upper) {
    System.arraycopy(lower, 0, state.lower, 0, state.n);
    System.arraycopy(upper, 0, state.upper, 0, state.n);
    for (int j = 0; j < state.n; j++) {
      if (state.at[j] != SimplexState.BASIC) {
        state.settle(j);
      }
    }
  }

  /** Takes a basis that was left before. */
  void restore(int[] head, byte[] at) {
    state.basis.set(head);
    System.arraycopy(at, 0, state.at, 0, at.length);
    Arrays.fill(weights, 1);
    for (int j = 0; j < at.length; j++) {
      if (at[j] != SimplexState.BASIC) {
        state.settle(j);
      }
    }
    state.refresh();
  }

  /**
   * Runs until the end, a limit, or a cost that can't come below another.
   *
   * @param cutOff cost at which it may stop
   */
  Ended run(long limit, double cutOff, BooleanSupplier stop) {
    state.computeReduced();
    for (int round = 0; round < 6; round++) {
      Ended ended = twoPhases(limit, cutOff, stop);
      if (ended == Ended.INFEASIBLE || ended == Ended.LIMIT || ended == Ended.UNBOUNDED) {
        return ended;
      }
      if (!state.costsDiffer || ended == Ended.CUT_OFF) {
        return ended;
      }
      state.restoreCosts();
      state.computeReduced();
      idle = Integer.MIN_VALUE / 2;
    }
    return Ended.LIMIT;
  }

  private Ended twoPhases(long limit, double cutOff, BooleanSupplier stop) {
    if (state.flipToFeasible() > 0) {
      Ended first = boxes(limit, stop);
      if (first == Ended.LIMIT) {
        return first;
      }
      if (state.flipToFeasible() > 0) {
        return worstWrong() > 1e-6 ? withoutCost(limit, stop) : shifted(limit, cutOff, stop);
      }
    }
    state.computeValues();
    return iterate(limit, cutOff, stop);
  }

  private Ended shifted(long limit, double cutOff, BooleanSupplier stop) {
    state.shiftToFeasible();
    state.computeValues();
    return iterate(limit, cutOff, stop);
  }

  private double worstWrong() {
    double worst = 0;
    for (int j = 0; j < state.n + state.m; j++) {
      worst = Math.max(worst, state.dualInfeasibility(j));
    }
    return worst;
  }

  /** No prices fit the costs: costs fall without end, unless there is no point at all. */
  private Ended withoutCost(long limit, BooleanSupplier stop) {
    Arrays.fill(state.cost, 0);
    state.computeReduced();
    state.computeValues();
    Ended ended = iterate(limit, Double.POSITIVE_INFINITY, stop);
    state.restoreCosts();
    return ended == Ended.OPTIMAL ? Ended.UNBOUNDED : ended;
  }

  /**
   * The first phase: bounds that make any basis dual feasible, and that only feasible ones like.
   */
  private Ended boxes(long limit, BooleanSupplier stop) {
    double[] lower = state.lower.clone();
    double[] upper = state.upper.clone();
    for (int j = 0; j < lower.length; j++) {
      boolean low = lower[j] > Double.NEGATIVE_INFINITY;
      boolean high = upper[j] < Double.POSITIVE_INFINITY;
      state.lower[j] = low ? 0 : high ? -1 : -BOX;
      state.upper[j] = high ? 0 : low ? 1 : BOX;
      if (state.at[j] != SimplexState.BASIC) {
        state.rest(j, state.reduced[j]);
      }
    }
    state.computeValues();
    Ended ended = iterate(limit, Double.POSITIVE_INFINITY, stop);
    System.arraycopy(lower, 0, state.lower, 0, lower.length);
    System.arraycopy(upper, 0, state.upper, 0, upper.length);
    for (int j = 0; j < lower.length; j++) {
      if (state.at[j] != SimplexState.BASIC) {
        state.rest(j, state.reduced[j]);
      }
    }
    return ended;
  }

  private Ended iterate(long limit, double cutOff, BooleanSupplier stop) {
    int failures = 0;
    while (true) {
      if (state.basis.isFull()) {
        renew();
      }
      if (iterations >= limit || ((iterations & 31) == 0 && stop.getAsBoolean())) {
        return Ended.LIMIT;
      }
      int leaving = leaving();
      if (leaving < 0) {
        if (state.basis.changeCount() > 0) {
          renew();
          if (leaving() >= 0) {
            continue;
          }
        }
        return Ended.OPTIMAL;
      }
      if (cutOff < Double.POSITIVE_INFINITY
          && !state.costsDiffer
          && (iterations & 15) == 0
          && state.objective() > cutOff) {
        return Ended.CUT_OFF;
      }
      iterations++;
      Step step = step(leaving);
      if (step == Step.NONE && state.basis.changeCount() == 0) {
        return Ended.INFEASIBLE;
      }
      if (step != Step.DONE) {
        renew();
        if (step == Step.UNSURE && ++failures > 50) {
          return Ended.LIMIT;
        }
      }
    }
  }

  private enum Step {
    DONE,
    NONE,
    UNSURE
  }

  private void renew() {
    state.refresh();
    state.flipToFeasible();
    state.shiftToFeasible();
    state.computeValues();
  }

  private int leaving() {
    int best = -1;
    double most = 0;
    for (int i = 0; i < state.m; i++) {
      int column = state.basis.head[i];
      double value = state.x[column];
      double off = Math.max(state.lower[column] - value, value - state.upper[column]);
      if (off > FEASIBLE * (1 + 0.1 * Math.abs(value))) {
        double score = off * off / weights[i];
        if (score > most) {
          most = score;
          best = i;
        }
      }
    }
    return best;
  }

  private Step step(int position) {
    int out = state.basis.head[position];
    double value = state.x[out];
    boolean down = value > state.upper[out];
    int sign = down ? 1 : -1;
    double target = down ? state.upper[out] : state.lower[out];
    Arrays.fill(rho, 0);
    rho[position] = 1;
    state.basis.solveTransposed(rho);
    touchedCount = byRow.pivotRow(rho, state.at, pivotRow, touched);
    int in = ratio.entering(state, touched, touchedCount, pivotRow, sign, Math.abs(value - target));
    if (in < 0) {
      clear();
      return Step.NONE;
    }
    Arrays.fill(solved, 0);
    state.basis.addColumn(in, 1, solved);
    state.basis.solve(solved);
    double pivot = solved[position];
    if (Math.abs(pivot - pivotRow[in]) > 1e-7 * (1 + Math.abs(pivot)) || Math.abs(pivot) < 1e-9) {
      boolean fresh = state.basis.changeCount() == 0;
      clear();
      if (fresh && Math.abs(pivot) < 1e-9) {
        weights[position] *= 1e6;
      }
      return Step.UNSURE;
    }
    flip();
    duals(in, out);
    primal(position, in, out, target, down);
    clear();
    return Step.DONE;
  }

  private void flip() {
    if (ratio.flipCount() == 0) {
      return;
    }
    Arrays.fill(tau, 0);
    for (int k = 0; k < ratio.flipCount(); k++) {
      int j = ratio.flips()[k];
      double before = state.x[j];
      boolean low = state.at[j] == SimplexState.AT_LOWER;
      state.at[j] = low ? SimplexState.AT_UPPER : SimplexState.AT_LOWER;
      state.x[j] = low ? state.upper[j] : state.lower[j];
      state.basis.addColumn(j, before - state.x[j], tau);
    }
    state.basis.solve(tau);
    for (int i = 0; i < state.m; i++) {
      if (tau[i] != 0) {
        state.x[state.basis.head[i]] += tau[i];
      }
    }
  }

  private void duals(int in, int out) {
    double step = state.reduced[in] / pivotRow[in];
    idle = Math.abs(step) < 1e-12 ? idle + 1 : Math.min(idle, 0);
    for (int k = 0; k < touchedCount; k++) {
      int j = touched[k];
      if (state.at[j] != SimplexState.BASIC && j != in) {
        state.reduced[j] -= step * pivotRow[j];
        if (state.dualInfeasibility(j) > 0) {
          state.shift(j);
        }
      }
    }
    state.reduced[in] = 0;
    state.reduced[out] = -step;
  }

  private void primal(int position, int in, int out, double target, boolean down) {
    double pivot = solved[position];
    double move = (state.x[out] - target) / pivot;
    for (int i = 0; i < state.m; i++) {
      if (solved[i] != 0) {
        state.x[state.basis.head[i]] -= move * solved[i];
      }
    }
    steepest(position, pivot);
    state.x[in] += move;
    state.x[out] = target;
    state.at[out] = down ? SimplexState.AT_UPPER : SimplexState.AT_LOWER;
    state.at[in] = SimplexState.BASIC;
    state.basis.replace(position, in, solved);
    if (state.dualInfeasibility(out) > 0) {
      state.shift(out);
    }
    if (idle > PATIENCE) {
      idle = 0;
      state.perturb(seed + iterations);
      state.computeReduced();
      state.shiftToFeasible();
    }
  }

  private void steepest(int position, double pivot) {
    double norm = 0;
    for (double one : rho) {
      norm += one * one;
    }
    System.arraycopy(rho, 0, tau, 0, state.m);
    state.basis.solve(tau);
    for (int i = 0; i < state.m; i++) {
      if (i != position && solved[i] != 0) {
        double share = solved[i] / pivot;
        weights[i] = Math.max(weights[i] - 2 * share * tau[i] + share * share * norm, 1e-4);
      }
    }
    weights[position] = Math.max(norm / (pivot * pivot), 1e-4);
  }

  private void clear() {
    for (int k = 0; k < touchedCount; k++) {
      pivotRow[touched[k]] = 0;
    }
    touchedCount = 0;
  }

  /** Values of the columns. */
  double[] point() {
    return Arrays.copyOf(state.x, state.n);
  }

  /** By how much the cost rises with each row's limit. */
  double[] prices() {
    double[] prices = new double[state.m];
    for (int i = 0; i < state.m; i++) {
      prices[i] = state.reduced[state.n + i];
    }
    return prices;
  }

  LinearProgram program() {
    return program;
  }
}
