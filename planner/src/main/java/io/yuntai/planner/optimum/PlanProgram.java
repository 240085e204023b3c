package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import io.yuntai.planner.program.LinearProgram;
import java.util.List;

/**
 * A plan's inputs as a program: its cost is the negative of the goal.
 *
 * @param columns which column stands for what
 * @param limits rows that people know
 * @param unit by class: units a second that one of work stands for
 * @param demandRow by class, region, block and node the row of its demand; -1 where none is
 */
@SuppressWarnings("ArrayRecordComponent")
record PlanProgram(
    PlanInputs inputs,
    ScenarioTree tree,
    LinearProgram program,
    PlanColumns columns,
    List<LimitRow> limits,
    int[][][][] demandRow,
    double[] unit) {
  PlanProgram {
    limits = List.copyOf(limits);
  }

  /**
   * A row that is a limit that people know.
   *
   * @param name as it is told: {@code grid of Ulanqab in 2026-Q3}
   * @param amount of the limit in its unit
   * @param perUnit by how much the row's bound moves for one unit of the limit
   */
  record LimitRow(int row, String name, String unit, double amount, double perUnit) {}

  static PlanProgram of(PlanInputs inputs) {
    return new ProgramAssembly(inputs).build();
  }

  /** The same with another program of the same columns. */
  PlanProgram with(LinearProgram other) {
    return new PlanProgram(inputs, tree, other, columns, limits, demandRow, unit);
  }
}
