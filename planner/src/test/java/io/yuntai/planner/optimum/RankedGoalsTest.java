package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.audit.Audit;
import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.program.LinearProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goals one before the other, on tiny inputs, against trying all plans. */
class RankedGoalsTest {
  private static final double MOST_COMBINATIONS = 120;
  private static final int WANTED = Integer.getInteger("yuntai.plans", 60);
  private static final List<List<Aim>> ORDERS =
      List.of(
          List.of(Aim.SERVICE, Aim.COST, Aim.RISK),
          List.of(Aim.SERVICE, Aim.VALUE),
          List.of(Aim.CARBON, Aim.VALUE),
          List.of(Aim.RISK, Aim.VALUE, Aim.CARBON),
          List.of(Aim.COST, Aim.VALUE),
          List.of(Aim.VALUE));

  private static PlanInputs inputs(long seed, double tolerance) {
    PlanInputs inputs = TinyPlans.of(seed);
    Rules rules = inputs.rules();
    List<Aim> aims = ORDERS.get((int) (seed % ORDERS.size()));
    Aim money =
        aims.stream().filter(aim -> aim == Aim.VALUE || aim == Aim.COST).findFirst().orElseThrow();
    return inputs.with(
        new Rules(
            money == Aim.VALUE ? Rules.Goal.VALUE : Rules.Goal.COST,
            rules.banned(),
            rules.residency(),
            rules.vendorShare(),
            false,
            rules.leastRenewable(),
            rules.mostCarbon(),
            0,
            rules.riskTail(),
            aims,
            tolerance));
  }

  /** The least of each goal over all plans that keep those before. */
  private static double[] enumerated(PlanProgram program) {
    PlanInputs inputs = program.inputs();
    double[] least = new double[inputs.rules().aims().size()];
    double[] most = EnumerationTest.most(program);
    AimVectors vectors = new AimVectors(program);
    LinearProgram kept = program.program();
    for (int i = 0; i < least.length; i++) {
      Aim aim = inputs.rules().aims().get(i);
      double[] vector = vectors.of(aim);
      least[i] = new Enumeration(kept.withCost(vector), most).least();
      double limit = AimVectors.most(least[i], 10, inputs.rules().aimTolerance());
      kept = AimVectors.keeping(kept, aim, vector, limit);
    }
    return least;
  }

  private static void compare(double tolerance, double allowed) {
    int compared = 0;
    for (long seed = Long.getLong("yuntai.seed", 20_000); compared < WANTED; seed++) {
      PlanInputs inputs = inputs(seed, tolerance);
      PlanProgram program = PlanProgram.of(inputs);
      if (Enumeration.size(program.program(), EnumerationTest.most(program)) > MOST_COMBINATIONS) {
        continue;
      }
      compared++;
      double[] least = enumerated(program);
      switch (Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {})) {
        case Outcome.Planned(Plan plan) -> {
          assertThat(plan.reached()).hasSameSizeAs(inputs.rules().aims());
          for (int i = 0; i < least.length; i++) {
            Plan.Reached one = plan.reached().get(i);
            double off = Math.abs(one.found() - least[i]) / (1 + Math.abs(least[i]));
            assertThat(off)
                .as("seed %d, %s: %s against %s", seed, one.aim(), one.found(), least[i])
                .isLessThan(allowed);
            assertThat(one.amount())
                .as("seed %d, %s", seed, one)
                .isLessThanOrEqualTo(
                    AimVectors.most(one.found(), 10 * (1 + Math.abs(one.found())), tolerance));
            assertThat(one.bound()).as("seed %d", seed).isLessThanOrEqualTo(one.found());
          }
          assertThat(Audit.of(inputs, plan.decisions(), plan.statements(), plan.reached()))
              .as("seed %d", seed)
              .isEmpty();
        }
        case Outcome.Infeasible infeasible ->
            assertThat(least[0]).as("seed %d: %s", seed, infeasible).isInfinite();
        case Outcome.Unsolved unsolved ->
            throw new AssertionError("seed " + seed + ": " + unsolved);
      }
    }
  }

  @Test
  void eachGoalIsTheLeastOfAllPlansThatKeepThoseBeforeIt() {
    compare(0, 1e-4);
  }

  @Test
  void aToleranceIsGivenToTheGoalsAfterIt() {
    compare(0.05, 1e-4);
  }

  @Test
  void oneGoalAloneIsWhatItIsWithoutAnOrder() {
    for (long seed = 30_000; seed < 30_015; seed++) {
      PlanInputs inputs = inputs(seed, 0);
      PlanInputs single = inputs.with(inputs.rules().with(inputs.rules().goal()));
      List<Aim> alone = List.of(inputs.rules().goal() == Rules.Goal.VALUE ? Aim.VALUE : Aim.COST);
      PlanInputs ranked = inputs.with(inputs.rules().with(alone, inputs.rules().riskTail()));
      Outcome first = Optimum.pureJava().solve(single, Effort.exact(), _ -> {});
      Outcome second = Optimum.pureJava().solve(ranked, Effort.exact(), _ -> {});
      if (first instanceof Outcome.Planned(Plan one)
          && second instanceof Outcome.Planned(Plan two)) {
        assertThat(two.decisions()).as("seed %d", seed).isEqualTo(one.decisions());
        assertThat(Math.abs(two.value() - one.value()))
            .isLessThan(1e-9 * (1 + Math.abs(one.value())));
      } else {
        assertThat(second.getClass()).isEqualTo(first.getClass());
      }
    }
  }

  @Test
  void theSameInputsGiveTheSamePlan() {
    for (long seed = 30_100; seed < 30_106; seed++) {
      Outcome first = Optimum.pureJava().solve(inputs(seed, 0.01), Effort.exact(), _ -> {});
      Outcome second = Optimum.pureJava().solve(inputs(seed, 0.01), Effort.exact(), _ -> {});
      assertThat(second.toString()).isEqualTo(first.toString());
    }
  }

  @Test
  void aGoalThatWasMissedIsFoundByTheAudit() {
    for (long seed = 30_200; ; seed++) {
      PlanInputs inputs = inputs(seed, 0);
      if (Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {})
          instanceof Outcome.Planned(Plan plan)) {
        List<Plan.Reached> better =
            plan.reached().stream()
                .map(one ->
                    new Plan.Reached(one.aim(), one.found() - 1e3, one.bound(), one.amount()))
                .toList();
        assertThat(Audit.of(inputs, plan.decisions(), plan.statements(), better))
            .anyMatch(one -> one.contains("the goal '" + better.getFirst().aim().text()));
        return;
      }
    }
  }

  @Test
  void whatAsksForMoreIsAnsweredWithTheGoalsKept() {
    int asked = 0;
    for (long seed = 30_300; asked < 3; seed++) {
      PlanInputs inputs = inputs(seed * ORDERS.size() + 1, 0.001);
      try (Optimum optimum = Optimum.pureJava()) {
        if (optimum.solve(inputs, Effort.exact(), _ -> {}) instanceof Outcome.Planned(Plan plan)) {
          asked++;
          optimum
              .reasons(plan, Effort.exact(), 3)
              .forEach(reason -> assertThat(reason.verified()).isNotNegative());
          optimum
              .alternatives(plan, 0.02, Effort.exact())
              .forEach(free ->
                  assertThat(free.inPlan()).isBetween(free.least() - 1e-5, free.most() + 1e-5));
          assertThatThrownBy(() -> optimum.uncertainty(plan, Effort.exact()))
              .isInstanceOf(PlannerException.class)
              .hasMessageContaining("several, one before the other");
        }
      }
    }
  }

  @Test
  void goalsThatCantGoTogetherAreRefused() {
    PlanInputs inputs = TinyPlans.of(1);
    Rules rules = inputs.rules().with(Rules.Goal.VALUE);
    assertThatThrownBy(() -> rules.with(List.of(Aim.RISK), 0.1))
        .hasMessageStartingWith("rules.goals has neither value nor cost");
    assertThatThrownBy(() -> rules.with(List.of(Aim.COST), 0.1))
        .hasMessageStartingWith("rules.goal is value where rules.goals has cost first");
  }
}
