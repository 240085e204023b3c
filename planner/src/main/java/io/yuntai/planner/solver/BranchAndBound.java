package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.Scaling;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Branch and bound: dives to a whole point, then goes on from the node with the best bound. Each
 * node begins with the basis of the node above it.
 */
final class BranchAndBound {
  private static final double WHOLE = 1e-7;

  /** Nearer to a whole number nothing is told apart. */
  private static final double EXACT = 1e-12;

  /** A point may break a row by so much of its greatest term. */
  private static final double FEASIBLE = 1e-10;

  private static final int MOST_OPEN = 100_000;

  private final LinearProgram program;
  private final Scaling scaling;
  private final Limits limits;
  private final BooleanSupplier late;
  private final DualSimplex simplex;
  private final PriorityQueue<Node> open =
      new PriorityQueue<>(Comparator.comparingDouble(Node::bound).thenComparingLong(Node::number));
  private final PseudoCosts pseudoCosts;
  private double best = Double.POSITIVE_INFINITY;
  private double @Nullable [] bestPoint;
  private long nodes;
  private boolean unbounded;

  /**
   * The least bound of nodes that were left, since they are not worth it or could not be solved.
   */
  private double lostBound = Double.POSITIVE_INFINITY;

  private boolean failed;

  /** A node that waits: a bound on one column, under its parent's. */
  private record Node(
      long number,
      double bound,
      @Nullable Node parent,
      int column,
      double lower,
      double upper,
      int @Nullable [] head,
      byte @Nullable [] at) {}

  BranchAndBound(LinearProgram program, Scaling scaling, Limits limits, BooleanSupplier late) {
    this.program = program;
    this.scaling = scaling;
    this.limits = limits;
    this.late = late;
    simplex = new DualSimplex(scaling.scaled(), limits.seed());
    pseudoCosts = new PseudoCosts(program.columns());
    double[] start = limits.start();
    if (start != null && program.violation(start) <= 1e-7) {
      offer(start);
    }
  }

  Solution run() {
    Node next = new Node(0, Double.NEGATIVE_INFINITY, null, -1, 0, 0, null, null);
    boolean stopped = false;
    while (next != null) {
      if (nodes >= limits.nodes()
          || simplex.iterations() >= limits.iterations()
          || open.size() > MOST_OPEN
          || late.getAsBoolean()) {
        lostBound = Math.min(lostBound, next.bound);
        stopped = true;
        break;
      }
      nodes++;
      Node child = solve(next);
      if (unbounded) {
        return Solution.without(
            Solution.Status.UNBOUNDED, Double.NEGATIVE_INFINITY, simplex.iterations(), false);
      }
      next = child != null ? child : poll();
    }
    return result(stopped);
  }

  private @Nullable Node poll() {
    Node node = open.poll();
    if (node != null && node.bound >= cutOff()) {
      lostBound = Math.min(lostBound, node.bound);
      return null;
    }
    return node;
  }

  private double cutOff() {
    return best - Math.max(1e-9 * (1 + Math.abs(best)), limits.gap() * Math.abs(best));
  }

  /** Solves a node; the child to dive into, or null. */
  private @Nullable Node solve(Node node) {
    if (node.bound >= cutOff()) {
      lostBound = Math.min(lostBound, node.bound);
      return null;
    }
    double[] lower = program.lower().clone();
    double[] upper = program.upper().clone();
    for (Node at = node; at != null && at.column >= 0; at = at.parent) {
      lower[at.column] = Math.max(lower[at.column], at.lower);
      upper[at.column] = Math.min(upper[at.column], at.upper);
    }
    simplex.bounds(scaling.scaledPoint(lower), scaling.scaledPoint(upper));
    if (node.head != null && node.at != null) {
      simplex.restore(node.head, node.at);
    }
    DualSimplex.Ended ended = simplex.run(limits.iterations(), scaling.scaledCost(cutOff()), late);
    switch (ended) {
      case INFEASIBLE -> {
        return null;
      }
      case CUT_OFF -> {
        lostBound = Math.min(lostBound, cutOff());
        return null;
      }
      case UNBOUNDED -> {
        unbounded = true;
        return null;
      }
      case LIMIT -> {
        failed = true;
        lostBound = Math.min(lostBound, node.bound);
        return null;
      }
      case OPTIMAL -> {}
    }
    double cost = scaling.plainCost(simplex.state.objective());
    double[] x = scaling.plainPoint(simplex.point());
    pseudoCosts.learn(node.column, node.lower, node.bound, cost);
    if (cost >= cutOff()) {
      lostBound = Math.min(lostBound, cost);
      return null;
    }
    int column = pseudoCosts.choose(program.whole(), x, WHOLE);
    if (column >= 0) {
      return branch(node, column, x[column], cost);
    }
    int[] head = simplex.state.basis.head.clone();
    byte[] at = simplex.state.at.clone();
    if (offerRounded(x, lower, upper)) {
      return null;
    }
    // Whole within the tolerance, but not to be rounded: what is least whole decides further.
    simplex.restore(head, at);
    column = pseudoCosts.choose(program.whole(), x, EXACT);
    if (column < 0) {
      failed = true;
      lostBound = Math.min(lostBound, cost);
      return null;
    }
    return branch(node, column, x[column], cost);
  }

  /** Offers the best point with whole numbers exactly whole; false when there is none. */
  private boolean offerRounded(double[] x, double[] lower, double[] upper) {
    double[] whole = rounded(x);
    if (program.violation(whole) <= FEASIBLE) {
      offer(whole);
      return true;
    }
    for (int j = 0; j < whole.length; j++) {
      if (program.whole()[j]) {
        lower[j] = whole[j];
        upper[j] = whole[j];
      }
    }
    simplex.bounds(scaling.scaledPoint(lower), scaling.scaledPoint(upper));
    if (simplex.run(limits.iterations(), Double.POSITIVE_INFINITY, late)
        != DualSimplex.Ended.OPTIMAL) {
      return false;
    }
    offer(rounded(scaling.plainPoint(simplex.point())));
    return true;
  }

  private @Nullable Node branch(Node node, int column, double value, double cost) {
    int[] head = simplex.state.basis.head.clone();
    byte[] at = simplex.state.at.clone();
    double floor = Math.floor(value);
    Node down = new Node(2 * nodes, cost, node, column, Double.NEGATIVE_INFINITY, floor, head, at);
    Node up =
        new Node(2 * nodes + 1, cost, node, column, floor + 1, Double.POSITIVE_INFINITY, head, at);
    boolean upFirst = value - floor > 0.5;
    open.add(upFirst ? down : up);
    return upFirst ? up : down;
  }

  private double[] rounded(double[] x) {
    double[] result = x.clone();
    for (int j = 0; j < result.length; j++) {
      if (program.whole()[j]) {
        result[j] = Math.rint(result[j]);
      }
    }
    return result;
  }

  private void offer(double[] x) {
    double cost = program.costOf(x);
    if (cost < best) {
      best = cost;
      bestPoint = x;
    }
  }

  private Solution result(boolean stopped) {
    double bound = Math.min(best, lostBound);
    if (stopped) {
      for (Node node : open) {
        bound = Math.min(bound, node.bound);
      }
    } else if (!open.isEmpty()) {
      bound = Math.min(bound, open.peek().bound);
    }
    if (bestPoint == null) {
      boolean proven = !stopped && !failed;
      return Solution.without(
          proven ? Solution.Status.INFEASIBLE : Solution.Status.NOTHING,
          proven ? Double.POSITIVE_INFINITY : bound,
          simplex.iterations(),
          late.getAsBoolean());
    }
    boolean optimal =
        best - bound <= Math.max(1e-9 * (1 + Math.abs(best)), limits.gap() * Math.abs(best)) * 1.01;
    return new Solution(
        optimal ? Solution.Status.OPTIMAL : Solution.Status.FEASIBLE,
        best,
        bound,
        bestPoint,
        new double[0],
        simplex.iterations(),
        !optimal && late.getAsBoolean());
  }
}
