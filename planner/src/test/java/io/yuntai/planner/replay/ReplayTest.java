package io.yuntai.planner.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.SolvedTemplates;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.usage.HourlyUsage;
import io.yuntai.planner.usage.UsageMeasure;
import io.yuntai.planner.usage.UsageReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Effort EFFORT = new Effort(0.005, 1, 60, 1);
  private static Plan plan;

  @BeforeAll
  static void solve() {
    PlanFile file = SolvedTemplates.file(PlanTemplate.START_UP);
    plan = SolvedTemplates.solve(file);
  }

  /** Quarters from the plan's first on in which as much as was expected by so much came. */
  private static HourlyUsage usage(int quarters, double factor) throws IOException {
    PlanInputs inputs = plan.inputs();
    StringBuilder csv = new StringBuilder("hour,requests,output\n");
    Instant first = Instant.parse("2027-01-01T00:00:00Z");
    for (int hour = 0; hour < quarters * 2190 + 24; hour++) {
      int quarter = hour / 2190;
      String block = hour % 2190 < 550 ? "busy" : "rest";
      double rate =
          inputs.demand().at("chat", "home", block, quarter, inputs.scenarios().getFirst());
      csv.append(first.plusSeconds(3600L * hour))
          .append(",1,")
          .append(Math.round(rate * 3600 * factor))
          .append('\n');
    }
    return UsageReader.read(new StringReader(csv.toString()), "usage.csv");
  }

  @Test
  void whatWasExpectedComesAsExpected() throws IOException {
    ActualDemand actual = ActualDemand.of(plan.inputs(), usage(4, 1), UsageMeasure.OUTPUT);
    assertThat(actual.quarters()).isEqualTo(4);
    try (Optimum optimum = Optimum.pureJava()) {
      Replay replay = Replay.of(plan, actual, optimum, EFFORT);
      assertThat(replay.came())
          .isCloseTo(replay.expected(), within(0.06 * Math.abs(replay.expected())));
      assertThat(replay.regret())
          .isGreaterThan(-0.02 * Math.abs(replay.known()))
          .isLessThan(0.1 * Math.abs(replay.known()));
    }
  }

  @Test
  void lessThanExpectedCostsWhoHasBuilt() throws IOException {
    ActualDemand actual = ActualDemand.of(plan.inputs(), usage(8, 0.3), UsageMeasure.OUTPUT);
    try (Optimum optimum = Optimum.pureJava()) {
      Replay replay = Replay.of(plan, actual, optimum, EFFORT);
      assertThat(replay.came()).isLessThan(replay.expected());
      assertThat(replay.regret()).isGreaterThan(-0.01 * Math.abs(replay.known()));
      assertThat(replay.statement().quarters()).hasSize(plan.inputs().horizon().length());
    }
  }

  @Test
  void usageOfOtherTimesIsRefused() throws IOException {
    HourlyUsage early =
        UsageReader.read(new StringReader("hour,output\n2020-01-01T00:00:00Z,5\n"), "usage.csv");
    assertThatThrownBy(() -> ActualDemand.of(plan.inputs(), early, UsageMeasure.OUTPUT))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("2027-Q1");
  }
}
