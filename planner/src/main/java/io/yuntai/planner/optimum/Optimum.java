package io.yuntai.planner.optimum;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.plan.Counterfactual;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Freedom;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.plan.Reason;
import io.yuntai.planner.plan.Uncertainty;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.SolverFailure;
import io.yuntai.planner.solver.ortools.OrToolsSolver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best plan for inputs. Holds the solver's process while it is open; one plan at a time.
 */
public final class Optimum implements AutoCloseable {
  /** Columns of work, about, above which a program surely goes to OR-Tools. */
  private static final long LARGE = 5000;

  private final @Nullable OrToolsSolver ortools;

  /** With OR-Tools where it came with the product, for plans that are not small. */
  public Optimum() {
    this(OrToolsSolver.isThere() ? new OrToolsSolver() : null);
  }

  Optimum(@Nullable OrToolsSolver ortools) {
    this.ortools = ortools;
  }

  /** Without native code. */
  public static Optimum pureJava() {
    return new Optimum(null);
  }

  /**
   * Plans. What a solver tells is believed only where it is proven and an audit in decimals agrees.
   *
   * @param listener told of values and bounds
   */
  public Outcome solve(PlanInputs inputs, Effort effort, Progress.Listener listener) {
    prepare(inputs);
    PlanProgram program = PlanProgram.of(inputs);
    Solvers solvers = new Solvers(ortools);
    try {
      return inputs.rules().aims().isEmpty()
          ? new Search(program, new Work(solvers, effort, listener), null).run()
          : new RankedGoals(program, solvers, effort, listener).run();
    } catch (SolverFailure e) {
      return new Outcome.Unsolved(e.sentence());
    }
  }

  /** Begins the solver's process, which takes a second, while the program is put together. */
  private void prepare(PlanInputs inputs) {
    OrToolsSolver solver = ortools;
    long size =
        (long) inputs.horizon().length()
            * inputs.sites().size()
            * inputs.chips().size()
            * inputs.classes().size()
            * inputs.blocks().size();
    if (solver != null && size > LARGE) {
      Thread.ofVirtual().name("planner-prepare").start(solver::prepare);
    }
  }

  /**
   * Why a plan is as it is: limits that bind, dearest first, the first five verified by new plans.
   *
   * @param most how many
   */
  public List<Reason> reasons(Plan plan, Effort effort, int most) {
    return new Reasons(questioned(plan, effort)).find(most);
  }

  /**
   * Why not the next best: what a plan would be worth without each of its dearest decisions, and
   * what it would do instead.
   *
   * @param most how many
   */
  public List<Counterfactual> nextBest(Plan plan, Effort effort, int most) {
    return new NextBest(questioned(plan, effort)).find(most);
  }

  /**
   * What could be otherwise in plans that are nearly as good.
   *
   * @param slack share of the value that may be given up; 0.01 to 0.05 tell most
   */
  public List<Freedom> alternatives(Plan plan, double slack, Effort effort) {
    return new Alternatives(questioned(plan, effort), slack).find();
  }

  /** What not knowing the future costs; solves a plan for each scenario, and one for their mean. */
  public Uncertainty uncertainty(Plan plan, Effort effort) {
    if (!plan.reached().isEmpty()) {
      throw new PlannerException(
          "What not knowing the future costs is told for one goal, and this plan has several, one before the other; solve it with goal = \"value\" or \"cost\", and a risk-weight.");
    }
    return new Unknown(plan, this, new Solvers(ortools), effort).reckon();
  }

  private Questioned questioned(Plan plan, Effort effort) {
    return Questioned.of(plan, new Solvers(ortools), limits(effort));
  }

  /** The program of a plan's inputs, for other solvers and for people who read such. */
  public static LinearProgram program(PlanInputs inputs) {
    return PlanProgram.of(inputs).program();
  }

  static Limits limits(Effort effort) {
    return new Limits(
        effort.gap() / 2,
        (long) (effort.work() * 2_000_000),
        (long) (effort.work() * 2000),
        effort.secondsGuard(),
        effort.seed(),
        null);
  }

  @Override
  public void close() {
    if (ortools != null) {
      ortools.close();
    }
  }
}
