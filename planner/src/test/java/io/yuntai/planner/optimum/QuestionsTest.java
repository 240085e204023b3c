package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.plan.Counterfactual;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Freedom;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Reason;
import io.yuntai.planner.plan.Uncertainty;
import io.yuntai.planner.plan.WorkClass;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked about plans: why, what else, and what not knowing costs. */
class QuestionsTest {
  private static final long FIRST = 9000;
  private static final int INPUTS = Integer.getInteger("yuntai.plans", 6);

  @Test
  void aReasonIsVerifiedByABetterPlan() {
    int reasons = 0;
    for (long seed = FIRST; seed < FIRST + INPUTS; seed++) {
      try (Optimum optimum = Optimum.pureJava()) {
        if (optimum.solve(TinyPlans.of(seed), Effort.exact(), _ -> {})
            instanceof Outcome.Planned(Plan plan)) {
          for (Reason reason : optimum.reasons(plan, Effort.exact(), 5)) {
            reasons++;
            assertThat(reason.worthPerUnit()).as("seed %d", seed).isPositive();
            assertThat(reason.verified()).as("seed %d: %s", seed, reason).isNotNegative();
            assertThat(reason.sentence()).contains(reason.limit());
          }
        }
      }
    }
    assertThat(reasons).isPositive();
  }

  @Test
  void withoutADecisionAPlanIsNoBetter() {
    int told = 0;
    for (long seed = 1; seed < 60; seed++) {
      try (Optimum optimum = Optimum.pureJava()) {
        if (optimum.solve(TinyPlans.of(seed), Effort.exact(), _ -> {})
            instanceof Outcome.Planned(Plan plan)) {
          for (Counterfactual one : optimum.nextBest(plan, Effort.exact(), 3)) {
            assertThat(one.loss()).as("seed %d", seed).isNotNegative();
            assertThat(one.sentence()).as("seed %d", seed).startsWith("Without " + one.decision());
            told++;
          }
        }
      }
    }
    assertThat(told).isPositive();
  }

  @Test
  void aPlanLiesWithinWhatPlansNearlyAsGoodHave() {
    for (long seed = FIRST; seed < FIRST + INPUTS; seed++) {
      try (Optimum optimum = Optimum.pureJava()) {
        if (optimum.solve(TinyPlans.of(seed), Effort.exact(), _ -> {})
            instanceof Outcome.Planned(Plan plan)) {
          for (Freedom freedom : optimum.alternatives(plan, 0.02, Effort.exact())) {
            assertThat(freedom.inPlan())
                .as("seed %d: %s", seed, freedom)
                .isBetween(freedom.least() - 1e-6, freedom.most() + 1e-6);
          }
        }
      }
    }
  }

  @Test
  void knowingTheFutureIsNeverWorse() {
    int asked = 0;
    for (long seed = FIRST; asked < 2; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      if (inputs.scenarios().size() < 2 || inputs.finance().watchesCash()) {
        continue;
      }
      try (Optimum optimum = Optimum.pureJava()) {
        if (inputs.rules().riskWeight() == 0
            && optimum.solve(inputs, Effort.exact(), _ -> {})
                instanceof Outcome.Planned(Plan plan)) {
          asked++;
          Uncertainty uncertainty = optimum.uncertainty(plan, Effort.exact());
          assertThat(uncertainty.perfectInformation()).as("seed %d", seed).isGreaterThan(-1e-6);
          assertThat(uncertainty.stochasticSolution()).as("seed %d", seed).isGreaterThan(-1e-6);
        }
      }
    }
  }

  /** All must be served, and nothing can be bought. */
  @Test
  void whatCannotBeIsExplainedByALimit() {
    int explained = 0;
    for (long seed = FIRST; explained < 4; seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      List<WorkClass> all =
          inputs.classes().stream()
              .map(one ->
                  new WorkClass(
                      one.name(),
                      one.price(),
                      one.penalty(),
                      one.usableLoad(),
                      one.standing(),
                      one.movable(),
                      Double.POSITIVE_INFINITY,
                      0.97))
              .toList();
      Outcome outcome;
      try {
        PlanInputs strict =
            new PlanInputs(
                inputs.name(),
                inputs.horizon(),
                inputs.blocks(),
                inputs.regions(),
                all,
                inputs.scenarios(),
                inputs.demand(),
                inputs.chips(),
                inputs.sites(),
                inputs.contracts(),
                inputs.finance(),
                inputs.rules());
        outcome = Optimum.pureJava().solve(strict, Effort.exact(), _ -> {});
      } catch (io.yuntai.planner.PlannerException _) {
        continue;
      }
      if (outcome instanceof Outcome.Infeasible infeasible) {
        explained++;
        assertThat(infeasible.relax()).as("seed %d", seed).isNotEmpty();
        assertThat(infeasible.sentence())
            .as("seed %d", seed)
            .contains(infeasible.relax().getFirst().limit());
      }
    }
  }
}
