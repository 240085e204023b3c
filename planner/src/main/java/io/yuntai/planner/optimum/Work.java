package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solution.Status;
import io.yuntai.planner.solver.SolverFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * The solvers for one search, under its effort: how long it may go on, and what remains for its
 * end. An interruption ends the search but not its end: the best plan found is still reckoned to
 * the last cent. A second one ends that, too.
 */
final class Work {
  /** What the search may use of the guard; the rest is for the programs that end it. */
  private static final double SEARCHING = 0.8;

  /** For the end, even where the search left less. */
  private static final double ENDING_SECONDS = 20;

  private final Solvers solvers;
  private final Effort effort;
  private final Progress.Listener listener;
  private final long begin = System.nanoTime();
  private boolean guarded;
  private boolean stopped;
  private boolean ending;

  Work(Solvers solvers, Effort effort, Progress.Listener listener) {
    this.solvers = solvers;
    this.effort = effort;
    this.listener = listener;
  }

  /**
   * For the next search of the same plan; what was stopped stays so.
   *
   * @param seconds that it may take
   */
  Work next(double seconds, Progress.Listener other) {
    Effort rest = new Effort(effort.gap(), effort.work(), Math.max(0.1, seconds), effort.seed());
    Work next = new Work(solvers, rest, other);
    next.stopped = stopped;
    return next;
  }

  Effort effort() {
    return effort;
  }

  Solvers solvers() {
    return solvers;
  }

  /** Solves; without a point when the search was interrupted meanwhile. */
  Solution ask(LinearProgram program, Limits limits) {
    noticeInterruption();
    if (stopped && !ending) {
      return Solution.without(Status.NOTHING, Double.NEGATIVE_INFINITY, 0, true);
    }
    try {
      Solution solution = solvers.solve(program, limits);
      guarded |= solution.guarded() && !Thread.currentThread().isInterrupted();
      return solution;
    } catch (SolverFailure e) {
      if (!Thread.currentThread().isInterrupted()) {
        throw e;
      }
      noticeInterruption();
      return Solution.without(Status.NOTHING, Double.NEGATIVE_INFINITY, 0, true);
    }
  }

  Solution ask(LinearProgram program) {
    return ask(program, limits());
  }

  private void noticeInterruption() {
    if (Thread.interrupted()) {
      if (stopped) {
        throw new SolverFailure("Planning was stopped.");
      }
      stopped = true;
    }
  }

  /** From here on only what was found is reckoned to its end. */
  void ending() {
    noticeInterruption();
    ending = true;
  }

  /** Whether the search has to end now. */
  boolean isOver() {
    noticeInterruption();
    if (seconds() > effort.secondsGuard() * SEARCHING) {
      guarded = true;
      return true;
    }
    return stopped;
  }

  boolean isStopped() {
    noticeInterruption();
    return stopped;
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  Limits limits() {
    double left =
        ending
            ? Math.max(ENDING_SECONDS, effort.secondsGuard() - seconds())
            : Math.max(1, effort.secondsGuard() * SEARCHING - seconds());
    return Optimum.limits(effort).withGuard(left);
  }

  void tell(double value, double bound, String step) {
    listener.told(new Progress(value, bound, step));
  }

  /** Why there is no plan, though nothing says that there can be none. */
  Outcome.Unsolved unsolved(Solution relaxed) {
    return new Outcome.Unsolved(
        stopped
            ? "It was stopped before a plan was found."
            : "The plan's linear relaxation was not solved (%s by %s): give it more time, or fewer sites, classes or scenarios."
                .formatted(relaxed.status(), solvers.name()));
  }

  /** What a reader of the plan has to know of how it was found. */
  List<String> notes(LinearProgram program) {
    List<String> notes = new ArrayList<>(solvers.notes(program));
    if (stopped) {
      notes.add("It was stopped: this is the best plan that was found until then.");
    } else if (guarded) {
      notes.add(
          "The limit on time came before the limit on work: another run may find another plan.");
    }
    return notes;
  }
}
