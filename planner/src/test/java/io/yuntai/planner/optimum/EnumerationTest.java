package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Plans of random tiny inputs are as good as the best of all. {@code -Dyuntai.plans=N} tries more
 * of them or fewer, {@code -Dyuntai.seed=N} others.
 */
class EnumerationTest {
  private static final double MOST_COMBINATIONS = 300;

  @Test
  void aPlanIsAsGoodAsTheBestOfAll() {
    int wanted = Integer.getInteger("yuntai.plans", 500);
    long seed = Long.getLong("yuntai.seed", 1);
    int compared = 0;
    for (; compared < wanted; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      PlanProgram program = PlanProgram.of(inputs);
      double[] most = most(program);
      if (inputs.rules().siteLoss()
          || Enumeration.size(program.program(), most) > MOST_COMBINATIONS) {
        continue;
      }
      compared++;
      double best = -new Enumeration(program.program(), most).least();
      Outcome outcome = Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {});
      switch (outcome) {
        case Outcome.Planned(Plan plan) -> {
          double error = Math.abs(plan.value() - best) / (1 + Math.abs(best));
          assertThat(error).as("seed %d: %s against %s", seed, plan.value(), best).isLessThan(1e-6);
          assertThat(plan.bound()).as("seed %d", seed).isGreaterThanOrEqualTo(plan.value());
          assertThat(plan.status()).as("seed %d", seed).isEqualTo(Plan.Status.OPTIMAL);
        }
        case Outcome.Infeasible infeasible -> {
          assertThat(best).as("seed %d: %s", seed, infeasible).isInfinite();
          assertThat(infeasible.relax()).as("seed %d", seed).isNotEmpty();
        }
        case Outcome.Unsolved unsolved ->
            throw new AssertionError("seed " + seed + ": " + unsolved);
      }
    }
  }

  static double[] most(PlanProgram program) {
    double[] most = new double[program.program().columns()];
    for (int h = 0; h < program.inputs().chips().size(); h++) {
      double supply = program.inputs().chips().get(h).supply().at(0);
      double batches = Math.floor(supply / program.inputs().chips().get(h).batch());
      for (int[] byNode : program.columns().order[h]) {
        Arrays.stream(byNode)
            .filter(column -> column >= 0)
            .forEach(column -> most[column] = batches);
      }
    }
    for (int j = 0; j < most.length; j++) {
      if (program.program().whole()[j] && most[j] == 0) {
        most[j] = Math.min(1, program.program().upper()[j]);
      }
    }
    return most;
  }
}
