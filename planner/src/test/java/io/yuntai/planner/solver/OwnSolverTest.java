package io.yuntai.planner.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.ProgramBuilder;
import io.yuntai.planner.program.RandomPrograms;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnSolverTest {
  /** OR-Tools agrees with the same costs in {@code OrToolsSolverTest}. */
  @Test
  void savedProgramsCostTheSame() {
    List<SavedPrograms.Saved> all = SavedPrograms.all();
    assertThat(all).hasSize(50);
    for (SavedPrograms.Saved saved : all) {
      Solution solution = new OwnSolver().solve(saved.program(), Limits.none());
      assertThat(solution.status()).as(saved.name()).isEqualTo(Solution.Status.OPTIMAL);
      assertThat(solution.cost())
          .as(saved.name())
          .isCloseTo(saved.cost(), within(1e-6 * (1 + Math.abs(saved.cost()))));
    }
  }

  /** Prices prove the cost: no point costs less than prices and bounds allow. */
  @Test
  void pricesProveTheCost() {
    for (long seed = 0; seed < 300; seed++) {
      LinearProgram program = RandomPrograms.of(seed, 30, 40, false);
      Solution solution = new OwnSolver().solve(program, Limits.none());
      if (solution.hasPoint()) {
        assertThat(program.violation(solution.x())).as("seed %d", seed).isLessThan(1e-7);
        assertThat(provenBound(program, solution.rowPrices()))
            .as("seed %d", seed)
            .isCloseTo(solution.cost(), within(1e-5 * (1 + Math.abs(solution.cost()))));
      }
    }
  }

  private static double provenBound(LinearProgram program, double[] prices) {
    double bound = 0;
    for (int i = 0; i < prices.length; i++) {
      bound += least(prices[i], program.rowLower()[i], program.rowUpper()[i]);
    }
    for (int j = 0; j < program.columns(); j++) {
      double reduced = program.cost()[j];
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        reduced -= prices[program.rows()[k]] * program.values()[k];
      }
      bound += least(reduced, program.lower()[j], program.upper()[j]);
    }
    return bound;
  }

  private static double least(double price, double low, double high) {
    if (Math.abs(price) < 1e-7) {
      return 0;
    }
    return price > 0 ? price * low : price * high;
  }

  @Test
  void wholeNumbersAreThoseOfAllTried() {
    for (long seed = 0; seed < 100; seed++) {
      ProgramBuilder builder = new ProgramBuilder();
      java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
      int n = 4;
      builder.row("a", Double.NEGATIVE_INFINITY, 10 + random.nextInt(20));
      builder.row("b", Double.NEGATIVE_INFINITY, 10 + random.nextInt(20));
      double[][] weights = new double[2][n];
      double[] worth = new double[n];
      for (int j = 0; j < n; j++) {
        worth[j] = 1 + random.nextInt(20);
        builder.column("x" + j, -worth[j], 0, 3, true);
        for (int i = 0; i < 2; i++) {
          weights[i][j] = 1 + random.nextInt(9);
          builder.entry(i, j, weights[i][j]);
        }
      }
      LinearProgram program = builder.build();
      double best = 0;
      for (int code = 0; code < 256; code++) {
        double[] sum = {0, 0, 0};
        for (int j = 0; j < n; j++) {
          int x = (code >> (2 * j)) & 3;
          sum[0] += weights[0][j] * x;
          sum[1] += weights[1][j] * x;
          sum[2] += worth[j] * x;
        }
        if (sum[0] <= program.rowUpper()[0] && sum[1] <= program.rowUpper()[1]) {
          best = Math.max(best, sum[2]);
        }
      }
      Solution solution = new OwnSolver().solve(program, Limits.none());
      assertThat(-solution.cost()).as("seed %d", seed).isCloseTo(best, within(1e-6));
    }
  }

  @Test
  void whatHasNoPointOrNoEndIsTold() {
    ProgramBuilder none = new ProgramBuilder();
    none.entry(none.row("both", 5, 9), none.column("x", 1, 0, 2, false), 1);
    assertThat(new OwnSolver().solve(none.build(), Limits.none()).status())
        .isEqualTo(Solution.Status.INFEASIBLE);
    ProgramBuilder endless = new ProgramBuilder();
    endless.row("free", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    endless.entry(0, endless.column("x", -1, 0, Double.POSITIVE_INFINITY, false), 1);
    assertThat(new OwnSolver().solve(endless.build(), Limits.none()).status())
        .isEqualTo(Solution.Status.UNBOUNDED);
  }
}
