package io.yuntai.planner.futures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.futures.DemandBudget.By;
import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandBudgetTest {
  private static Demand demand(int classes, int regions) {
    List<Demand.Row> rows = new ArrayList<>();
    for (int w = 0; w < classes; w++) {
      for (int r = 0; r < regions; r++) {
        rows.add(new Demand.Row("w" + w, "r" + r, "all", "", Series.constant(100)));
      }
    }
    return Demand.of(rows);
  }

  @ParameterizedTest
  @CsvSource({
    // up only: all sets of at most so many of four: 1 + 4, + 6, + 4, + 1
    "0.2, 0, 0, 4, 1",
    "0.2, 0, 1, 4, 5",
    "0.2, 0, 2, 4, 11",
    "0.2, 0, 4, 4, 16",
    "0.2, 0, 9, 4, 16",
    // both ways: C(4, 2) 2^2, and what is expected
    "0.2, 0.1, 2, 4, 25",
    // in part: four in full; four in full with one of three others in part
    "0.2, 0, 1.5, 4, 17",
    "0.2, 0, 0.5, 4, 5",
    "0, 0, 2, 4, 1"
  })
  void cornersAreAsManyAsTheSetHas(
      double up, double down, double atOnce, int regions, int futures) {
    Futures made = new DemandBudget(up, down, atOnce, By.REGION, 2).of(demand(2, regions), 6);
    assertThat(made.scenarios()).hasSize(futures);
    double sum = made.scenarios().stream().mapToDouble(Scenario::probability).sum();
    assertThat(Math.abs(sum - 1)).isLessThan(1e-12);
    assertThat(made.scenarios().stream().map(Scenario::name)).doesNotHaveDuplicates();
  }

  @Test
  void demandDeviatesFromWhenItIsKnownAndWithItsGroup() {
    Futures made = new DemandBudget(0.2, 0.5, 1, By.REGION, 2).of(demand(2, 2), 6);
    assertThat(made.scenarios().stream().map(Scenario::name))
        .containsExactly("as expected", "r0 up", "r0 down", "r1 up", "r1 down");
    Scenario down = made.scenarios().get(2);
    assertThat(down.splitsFrom()).isEqualTo("as expected");
    assertThat(down.splitQuarter()).isEqualTo(2);
    assertThat(made.demand().at("w1", "r0", "all", 1, down)).isEqualTo(100);
    assertThat(made.demand().at("w1", "r0", "all", 2, down)).isEqualTo(50);
    assertThat(made.demand().at("w1", "r0", "all", 5, down)).isEqualTo(50);
    assertThat(made.demand().at("w1", "r1", "all", 5, down)).isEqualTo(100);
    Futures classes = new DemandBudget(0.2, 0, 1, By.CLASS_AND_REGION, 2).of(demand(2, 2), 6);
    assertThat(classes.scenarios().stream().map(Scenario::name)).contains("w1 of r0 up");
  }

  @Test
  void tooManyFuturesAreRefused() {
    DemandBudget budget = new DemandBudget(0.2, 0.2, 4, By.REGION, 2);
    assertThatThrownBy(() -> budget.of(demand(1, 9), 6))
        .hasMessageContaining("more than 64 futures");
    assertThatThrownBy(() -> new DemandBudget(0.2, 1.5, 4, By.REGION, 2))
        .hasMessageContaining("from 0 to 1 below");
  }
}
