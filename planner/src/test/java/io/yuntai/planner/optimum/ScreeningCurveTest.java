package io.yuntai.planner.optimum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Horizon;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The screening curve of PyPSA's documentation: a load that falls evenly from 1000 to 0 in 1001
 * equal times, one machine that costs 15 and runs for 2, another that costs 10 and runs for 12, and
 * 1012 for what is not served. A machine's running cost is power here.
 */
class ScreeningCurveTest {
  private static final int TIMES = 1001;

  /** A tenth of the example's, so that no number is absurd for a plan. */
  private static final double MONEY = 0.1;

  /** Of a machine's hour of a megawatt-hour at a price of a million. */
  private static Chip machine(String name, double price, double run, int batch, boolean whole) {
    return new Chip(
        name,
        name,
        Series.constant(price * MONEY),
        1,
        run * MONEY * 1000,
        0,
        false,
        0,
        batch,
        whole,
        0,
        10,
        10,
        0,
        Series.UNLIMITED,
        0,
        Map.of("load", 1e6));
  }

  private static PlanInputs inputs(int batch, boolean whole) {
    List<LoadBlock> blocks = new ArrayList<>();
    List<Demand.Row> rows = new ArrayList<>();
    for (int k = 0; k < TIMES; k++) {
      String name = "t" + k;
      blocks.add(new LoadBlock(name, 1.0 / TIMES, false));
      rows.add(new Demand.Row("load", "here", name, "", Series.constant((1000.0 - k) * 1e6)));
    }
    double hourOfUnits = 1e6 * 3600 / 1e12;
    WorkClass load =
        new WorkClass(
            "load",
            Series.ZERO,
            Series.constant(1012 * MONEY / hourOfUnits),
            1,
            WorkClass.Standing.BRONZE,
            false,
            1000,
            0);
    Site site =
        new Site(
            "site",
            1e6,
            0,
            Double.POSITIVE_INFINITY,
            List.of(),
            Series.UNLIMITED,
            1,
            Series.constant(1e6),
            Map.of(),
            0,
            0,
            0,
            0,
            List.of(),
            List.of(new Link("here", 0, 0)));
    // Flows are at the middle of a quarter; without discount that changes nothing.
    return new PlanInputs(
        "screening curve",
        new Horizon("2026-Q1", 1, 0),
        blocks,
        List.of("here"),
        List.of(load),
        List.of(Scenario.certain()),
        Demand.of(rows),
        List.of(machine("own", 15, 2, batch, whole), machine("reserve", 10, 12, batch, whole)),
        List.of(site),
        List.of(),
        Finance.simple("USD", 0),
        Rules.none(Rules.Goal.COST));
  }

  @Test
  void inTens() {
    Outcome outcome = Optimum.pureJava().solve(inputs(10, true), Effort.exact(), _ -> {});
    Plan plan = ((Outcome.Planned) outcome).plan();
    assertThat(plan.status()).isEqualTo(Plan.Status.OPTIMAL);
    assertThat(-plan.value() / MONEY).isCloseTo(14_706.1938, within(1e-4));
    Map<String, Double> built = new TreeMap<>();
    plan.decisions().orders().forEach(one -> built.merge(one.chip(), one.servers(), Double::sum));
    assertThat(built).containsExactlyInAnyOrderEntriesOf(Map.of("own", 500.0, "reserve", 490.0));
  }

  @Test
  void pricesOfTheContinuousProgram() {
    PlanProgram program = PlanProgram.of(inputs(1, false));
    LinearProgram linear = program.program();
    Solution solution = new OwnSolver().solve(linear, Limits.none());
    assertThat(solution.cost() / MONEY).isCloseTo(14_706.1938, within(1e-4));
    Map<Long, Integer> prices = new TreeMap<>();
    double own = 0;
    for (int k = 0; k < TIMES; k++) {
      int row = program.demandRow()[0][0][k][0];
      double price =
          row < 0 ? 0 : solution.rowPrices()[row] / program.unit()[0] * 1e6 * TIMES / MONEY;
      prices.merge(Math.round(price), 1, Integer::sum);
      own += Math.max(0, price - 2) / TIMES;
    }
    assertThat(own).as("what a machine earns pays it").isCloseTo(15, within(1e-6));
    assertThat(prices)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(1012L, 10, 22L, 1, 12L, 489, 7L, 1, 2L, 499, 0L, 1));
  }
}
