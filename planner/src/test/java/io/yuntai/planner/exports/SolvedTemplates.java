package io.yuntai.planner.exports;

import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;

/** Templates as they are solved, for tests. */
public final class SolvedTemplates {
  private SolvedTemplates() {}

  /** A template's file. */
  public static PlanFile file(PlanTemplate template) {
    return PlanFileReader.text("plan.toml", template.content(), Facts.defaults());
  }

  /** A plan of a file, by code without native libraries. */
  public static Plan solve(PlanFile file) {
    try (Optimum optimum = Optimum.pureJava()) {
      return switch (optimum.solve(file.inputs(), new Effort(0.02, 1, 60, 1), _ -> {})) {
        case Outcome.Planned(Plan plan) -> plan;
        case Outcome.Infeasible(var relax, String sentence) ->
            throw new AssertionError(sentence + " " + relax);
        case Outcome.Unsolved(String sentence) -> throw new AssertionError(sentence);
      };
    }
  }
}
