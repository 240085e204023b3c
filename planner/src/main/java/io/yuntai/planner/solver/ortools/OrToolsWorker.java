package io.yuntai.planner.solver.ortools;

import com.google.ortools.modelbuilder.ModelBuilderHelper;
import com.google.ortools.modelbuilder.ModelSolverHelper;
import com.google.ortools.modelbuilder.SolveStatus;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.solver.Solution.Status;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Locale;

/**
 * The solver's process: reads programs from its input until that ends, and writes what it found.
 */
public final class OrToolsWorker {
  private static final int MEMORY_MEGABYTES = 4096;

  private OrToolsWorker() {}

  /**
   * Started by {@link OrToolsSolver} with the native library's path.
   *
   * @throws IOException when the other side is gone
   */
  @SuppressWarnings("restricted") // loading it is what this process is for
  public static void main(String[] arguments) throws IOException {
    System.load(arguments[0]);
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    System.setOut(System.err);
    for (Wire.Request next = Wire.receive(in); next != null; next = Wire.receive(in)) {
      solve(next.program(), next.limits(), out);
    }
  }

  private static void solve(LinearProgram program, Limits limits, DataOutputStream out)
      throws IOException {
    boolean whole = program.wholeColumns() > 0;
    ModelBuilderHelper model = model(program, limits);
    ModelSolverHelper solver = new ModelSolverHelper(whole ? "scip" : "glop");
    solver.enableOutput(false);
    solver.setTimeLimitInSeconds(limits.secondsGuard());
    solver.setSolverSpecificParameters(whole ? scip(limits) : glop(limits));
    long begin = System.nanoTime();
    solver.solve(model);
    boolean guarded = System.nanoTime() - begin >= limits.secondsGuard() * 0.98e9;
    Status status = status(solver);
    String detail = solver.getStatus() + " " + solver.getStatusString();
    if (status != Status.OPTIMAL && status != Status.FEASIBLE) {
      double bound =
          switch (status) {
            case INFEASIBLE -> Double.POSITIVE_INFINITY;
            default -> Double.NEGATIVE_INFINITY;
          };
      Wire.reply(out, Solution.without(status, bound, 0, guarded), detail);
    } else {
      double[] x = new double[program.columns()];
      for (int j = 0; j < x.length; j++) {
        x[j] = solver.getVariableValue(j);
      }
      double[] prices = new double[whole ? 0 : program.rowCount()];
      for (int i = 0; i < prices.length; i++) {
        prices[i] = solver.getDualValue(i);
      }
      double cost = solver.getObjectiveValue();
      double bound =
          whole
              ? solver.getBestObjectiveBound()
              : status == Status.OPTIMAL ? cost : Double.NEGATIVE_INFINITY;
      Wire.reply(out, new Solution(status, cost, bound, x, prices, 0, guarded), detail);
    }
    solver.delete();
    model.delete();
  }

  private static ModelBuilderHelper model(LinearProgram program, Limits limits) {
    ModelBuilderHelper model = new ModelBuilderHelper();
    for (int i = 0; i < program.rowCount(); i++) {
      model.addLinearConstraint();
      model.setConstraintLowerBound(i, program.rowLower()[i]);
      model.setConstraintUpperBound(i, program.rowUpper()[i]);
    }
    for (int j = 0; j < program.columns(); j++) {
      model.addVar();
      model.setVarLowerBound(j, program.lower()[j]);
      model.setVarUpperBound(j, program.upper()[j]);
      model.setVarObjectiveCoefficient(j, program.cost()[j]);
      model.setVarIntegrality(j, program.whole()[j]);
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        model.addConstraintTerm(program.rows()[k], j, program.values()[k]);
      }
    }
    double[] start = limits.start();
    if (start != null) {
      for (int j = 0; j < start.length; j++) {
        model.addHint(j, start[j]);
      }
    }
    return model;
  }

  private static Status status(ModelSolverHelper solver) {
    if (!solver.hasResponse()) {
      return Status.NOTHING;
    }
    SolveStatus status = solver.getStatus();
    if (status == SolveStatus.OPTIMAL && solver.hasSolution()) {
      return Status.OPTIMAL;
    }
    if (status == SolveStatus.FEASIBLE && solver.hasSolution()) {
      return Status.FEASIBLE;
    }
    if (status == SolveStatus.INFEASIBLE) {
      return Status.INFEASIBLE;
    }
    return status == SolveStatus.UNBOUNDED ? Status.UNBOUNDED : Status.NOTHING;
  }

  /** In the syntax of SCIP's settings files. */
  private static String scip(Limits limits) {
    return String.format(
        Locale.ROOT,
        "limits/gap = %.9f%nlimits/totalnodes = %d%nlimits/memory = %d%n"
            + "randomization/randomseedshift = %d%nlp/threads = 1%n",
        limits.gap(),
        Math.min(limits.nodes(), 1_000_000_000L),
        MEMORY_MEGABYTES,
        Math.floorMod(limits.seed(), 1_000_000));
  }

  /** In protobuf's text format. */
  private static String glop(Limits limits) {
    return "max_number_of_iterations: " + Math.min(limits.iterations(), 1_000_000_000L);
  }
}
