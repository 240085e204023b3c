package io.yuntai.planner.futures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class FanTreeTest {
  private static final FanTree TREE =
      new FanTree(List.of(4, 8), List.of(0.1, 0.5, 0.9), List.of(0.3, 0.4, 0.3));

  /** A walk of logarithms: its spread grows with the root of time, 0.1 z in the first quarter. */
  private static double walk(int quarter, double level) {
    double z = level == 0.5 ? 0 : level < 0.5 ? -1 : 1;
    return 100 * Math.pow(1.1, quarter) * Math.exp(0.1 * z * Math.sqrt(quarter + 1));
  }

  @Test
  void leavesAreOneUntilTheirBranch() {
    List<Scenario> scenarios = TREE.scenarios();
    List<Series> paths = TREE.paths(FanTreeTest::walk, 12);
    assertThat(scenarios).hasSize(9);
    assertThat(scenarios.stream().mapToDouble(Scenario::probability).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(scenarios.getFirst().name()).isEqualTo("low-low");
    for (int s = 1; s < 9; s++) {
      Scenario one = scenarios.get(s);
      int from = scenarios.stream().map(Scenario::name).toList().indexOf(one.splitsFrom());
      assertThat(from).isBetween(0, s - 1);
      for (int t = 0; t < one.splitQuarter(); t++) {
        assertThat(paths.get(s).at(t)).isEqualTo(paths.get(from).at(t));
      }
      assertThat(paths.get(s).at(11)).isNotEqualTo(paths.get(from).at(11));
    }
    assertThat(scenarios.get(5).name()).isEqualTo("middle-high");
    assertThat(scenarios.get(5).splitsFrom()).isEqualTo("middle-low");
    assertThat(scenarios.get(5).splitQuarter()).isEqualTo(8);
    assertThat(scenarios.get(5).probability()).isCloseTo(0.4 * 0.3, within(1e-12));
  }

  @Test
  void pathsAreQuantilesAndTheirIncrements() {
    List<Series> paths = TREE.paths(FanTreeTest::walk, 12);
    Series middle = paths.get(4);
    Series low = paths.get(0);
    Series lowMiddle = paths.get(1);
    for (int t = 0; t < 12; t++) {
      assertThat(middle.at(t)).isCloseTo(walk(t, 0.5), within(1e-9));
    }
    assertThat(low.at(3)).isCloseTo(walk(3, 0.5), within(1e-9));
    assertThat(low.at(4)).isCloseTo(walk(4, 0.1), within(1e-9));
    assertThat(low.at(7)).isCloseTo(walk(7, 0.1), within(1e-9));
    // Spread until the second branch by the root of 8, and of the 4 quarters since besides.
    assertThat(low.at(11))
        .isCloseTo(walk(11, 0.5) * Math.exp(-0.1 * (Math.sqrt(8) + Math.sqrt(4))), within(1e-9));
    assertThat(lowMiddle.at(11))
        .isCloseTo(walk(11, 0.5) * Math.exp(-0.1 * Math.sqrt(8)), within(1e-9));
  }

  @Test
  void whatIsNoTreeIsRefused() {
    assertThatThrownBy(() -> new FanTree(List.of(8, 4), TREE.levels(), TREE.weights()))
        .hasMessageContaining("one later than the other");
    assertThatThrownBy(() -> new FanTree(List.of(4), TREE.levels(), List.of(0.5, 0.4, 0.3)))
        .hasMessageContaining("add up to 1");
    assertThatThrownBy(() -> new FanTree(List.of(2, 4, 6, 8), TREE.levels(), TREE.weights()))
        .hasMessageContaining("more than 27 futures");
  }
}
