package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search for large plans, on plans that are small enough to know the best. */
class LargeSearchTest {
  private static Outcome large(PlanInputs inputs, Effort effort, Progress.Listener listener) {
    PlanProgram program = PlanProgram.of(inputs);
    Work work = new Work(new Solvers(null), effort, listener);
    return switch (new LargeSearch(program, work, null).find()) {
      case Sought.None(Outcome why) -> why;
      case Sought.Point(Found found, double least) ->
          PlanMaker.plan(found, -least, work.solvers().name(), work.notes(program.program()));
    };
  }

  /** The company in three regions, whose servers need not be ordered in whole batches here. */
  private static PlanInputs company() {
    String text =
        PlanTemplate.ENTERPRISE.content().replace("whole-batches = true", "whole-batches = false");
    return PlanFileReader.text("company", text, Facts.defaults()).inputs();
  }

  private static PlanInputs companyWithBatches() {
    return PlanFileReader.text("company", PlanTemplate.ENTERPRISE.content(), Facts.defaults())
        .inputs();
  }

  @Test
  void itsPlanIsNoBetterThanTheBestAndItsBoundNoWorse() {
    int planned = 0;
    long seed = Long.getLong("yuntai.seed", 1);
    for (int i = 0; i < 60; i++, seed++) {
      PlanInputs inputs = TinyPlans.of(seed);
      Outcome exact = Optimum.pureJava().solve(inputs, Effort.exact(), _ -> {});
      Outcome found = large(inputs, Effort.usual(), _ -> {});
      if (exact instanceof Outcome.Planned(Plan best)) {
        double slack = 1e-6 * (1 + Math.abs(best.value()));
        assertThat(found).as("seed %d", seed).isInstanceOf(Outcome.Planned.class);
        if (found instanceof Outcome.Planned(Plan plan)) {
          assertThat(plan.value()).as("seed %d", seed).isLessThanOrEqualTo(best.bound() + slack);
          assertThat(plan.bound()).as("seed %d", seed).isGreaterThanOrEqualTo(best.value() - slack);
          planned++;
        }
      } else {
        assertThat(found).as("seed %d", seed).isNotInstanceOf(Outcome.Planned.class);
      }
    }
    assertThat(planned).isPositive();
  }

  @Test
  void aPlanToBeginWithIsNotLost() {
    int compared = 0;
    for (long seed = 100; compared < 15; seed++) {
      PlanProgram program = PlanProgram.of(TinyPlans.of(seed));
      Work first = new Work(new Solvers(null), Effort.usual(), _ -> {});
      Work second = new Work(new Solvers(null), Effort.usual(), _ -> {});
      if (new LargeSearch(program, first, null).find() instanceof Sought.Point(Found before, _)
          && new LargeSearch(program, second, before.x()).find()
              instanceof Sought.Point(Found after, _)) {
        assertThat(after.cost())
            .as("seed %d", seed)
            .isLessThanOrEqualTo(before.cost() + 1e-6 * (1 + Math.abs(before.cost())));
        compared++;
      }
    }
  }

  @Test
  void progressTellsAPlanBeforeTheBoundAndNeverAWorseOne() {
    List<Progress> told = new ArrayList<>();
    Outcome outcome = large(company(), Effort.usual(), told::add);
    assertThat(outcome).isInstanceOf(Outcome.Planned.class);
    double value = Double.NEGATIVE_INFINITY;
    double bound = Double.POSITIVE_INFINITY;
    for (Progress one : told) {
      assertThat(one.value()).isGreaterThanOrEqualTo(value);
      assertThat(one.bound()).isLessThanOrEqualTo(bound);
      value = one.value();
      bound = one.bound();
    }
    assertThat(told)
        .anySatisfy(one -> {
          assertThat(one.step()).isEqualTo("linear relaxation");
          assertThat(one.value()).isFinite();
        });
    if (outcome instanceof Outcome.Planned(Plan plan)) {
      assertThat(plan.value()).isGreaterThanOrEqualTo(value - 1e-6 * Math.abs(value));
    }
  }

  @Test
  void whatIsNotFoundIsNotCalledImpossible() {
    Outcome outcome = large(companyWithBatches(), new Effort(0.05, 0.1, 600, 1), _ -> {});
    assertThat(outcome).isNotInstanceOf(Outcome.Infeasible.class);
  }

  @Test
  void theSameInputsGiveTheSameBytes() {
    PlanInputs inputs = company();
    assertThat(text(large(inputs, Effort.usual(), _ -> {})))
        .isEqualTo(text(large(inputs, Effort.usual(), _ -> {})))
        .contains("order,");
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Outcome.Planned(Plan plan) ? SolvedPlan.of(plan, "0").text() : "";
  }

  private static Progress.Listener interruptsAtTheFirstPlan() {
    boolean[] first = {true};
    return progress -> {
      if (Double.isFinite(progress.value()) && first[0]) {
        first[0] = false;
        Thread.currentThread().interrupt();
      }
    };
  }

  /**
   * Between rounds of rows for losses of sites nothing is a plan yet, and what was found is kept.
   */
  @Test
  void anInterruptionBeforeLossesAreBorneKeepsWhatWasFound() {
    boolean[] first = {true};
    Progress.Listener listener =
        progress -> {
          if (progress.step().equals("whole numbers") && first[0]) {
            first[0] = false;
            Thread.currentThread().interrupt();
          }
        };
    try (Optimum optimum = new Optimum()) {
      Outcome outcome = optimum.solve(companyWithBatches(), Effort.usual(), listener);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(outcome).isInstanceOf(Outcome.Planned.class);
    }
  }

  /** What Ctrl-C does, and the stop of a job. */
  @Test
  void anInterruptionKeepsTheBestPlan() {
    Outcome outcome = large(company(), Effort.usual(), interruptsAtTheFirstPlan());
    assertThat(Thread.interrupted()).isFalse();
    assertThat(outcome).isInstanceOf(Outcome.Planned.class);
    if (outcome instanceof Outcome.Planned(Plan plan)) {
      assertThat(plan.gap()).isFinite();
      assertThat(plan.notes()).anyMatch(note -> note.startsWith("It was stopped"));
    }
  }

  @Test
  void anInterruptionOfASmallPlanKeepsTheBestPlan() {
    Outcome outcome =
        Optimum.pureJava().solve(companyWithBatches(), Effort.usual(), interruptsAtTheFirstPlan());
    assertThat(Thread.interrupted()).isFalse();
    assertThat(outcome).isInstanceOf(Outcome.Planned.class);
  }
}
