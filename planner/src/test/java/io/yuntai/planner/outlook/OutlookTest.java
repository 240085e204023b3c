package io.yuntai.planner.outlook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.HourlySeries;
import io.yuntai.planner.demand.NelderMead;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class OutlookTest {
  private static final UnitCosts COSTS = new UnitCosts(1.742, 2.6);
  private static final YearMonth JANUARY = YearMonth.of(2023, 1);

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private MonthlySeries months(int count, double noise, IntToDoubleFunction log) {
    System.out.println("-Dyuntai.seed=" + seed);
    double[] amounts = new double[count];
    Arrays.setAll(amounts, i -> Math.exp(log.applyAsDouble(i) + noise * random.nextGaussian()));
    return new MonthlySeries(JANUARY, amounts);
  }

  @Test
  void growthGoesOnAndCalmsDown() {
    MonthlySeries doubling = months(36, 0, i -> i * Math.log(2) / 12);
    Outlook outlook = Outlook.of(doubling, 12, COSTS);
    assertThat(outlook.first()).hasToString("2026-Q1");
    double year = outlook.fan().point(4) / outlook.fan().point(0);
    assertThat(year).isGreaterThan(1.1).isLessThan(2);
    assertThat(outlook.fan().point(11) / outlook.fan().point(7)).isLessThan(year);
    assertThat(outlook.scores().mase()).isLessThan(1);
  }

  @Test
  void whatLevelsOffIsKnownToBeACurve() {
    MonthlySeries levelling = months(48, 0, i -> 20 - Math.log1p(Math.exp(-(i - 20) / 5.0)));
    Outlook outlook = Outlook.of(levelling, 8, COSTS);
    assertThat(outlook.fan().point(7)).isCloseTo(3 * Math.exp(20), within(0.1 * Math.exp(20)));
  }

  @Test
  void bandsHoldAndQuantilesAreInOrder() {
    MonthlySeries noisy = months(96, 0.1, i -> 10 + 0.5 * Math.sin(i / 9.0));
    Outlook outlook = Outlook.of(noisy, 6, COSTS);
    assertThat(outlook.scores().judged()).isGreaterThan(100);
    assertThat(outlook.scores().coverage()).isBetween(0.6, 1.0);
    assertThat(outlook.scores().money()).isGreaterThanOrEqualTo(1);
    assertThat(outlook.scores().crps()).isPositive();
    for (int q = 0; q < 6; q++) {
      double below = 0;
      for (double level : new double[] {0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99}) {
        assertThat(outlook.fan().quantile(q, level)).isGreaterThanOrEqualTo(below);
        below = outlook.fan().quantile(q, level);
      }
    }
    double weights = outlook.methods().stream().mapToDouble(Outlook.Weighed::weight).sum();
    assertThat(weights).isCloseTo(1, within(1e-9));
  }

  @Test
  void twiceAsMuchIsToldAsTwiceAsMuch() {
    MonthlySeries one = months(30, 0.2, i -> 3 + i / 40.0);
    double[] twice = Arrays.stream(one.amounts()).map(amount -> 2 * amount).toArray();
    Outlook a = Outlook.of(one, 5, COSTS);
    Outlook b = Outlook.of(new MonthlySeries(JANUARY, twice), 5, COSTS);
    for (int q = 0; q < 5; q++) {
      assertThat(b.fan().quantile(q, 0.9) / a.fan().quantile(q, 0.9)).isCloseTo(2, within(0.02));
    }
  }

  @Test
  void wholeMonthsOfHoursAreTaken() {
    double[] hours = new double[24 * 100];
    Arrays.fill(hours, 1);
    HourlySeries series = new HourlySeries(Instant.parse("2026-01-15T00:00:00Z"), hours, 0);
    MonthlySeries months = MonthlySeries.of(series);
    assertThat(months.first()).isEqualTo(YearMonth.of(2026, 2));
    assertThat(months.amounts()).containsExactly(28 * 24, 31 * 24);
  }

  @Test
  void tooLittleIsSaid() {
    assertThatThrownBy(() -> Outlook.of(months(11, 0, i -> i), 4, COSTS))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("11 months");
    assertThatThrownBy(() -> Outlook.of(months(20, 0, i -> i), 99, COSTS))
        .hasMessageContaining("99");
    assertThatThrownBy(() -> new MonthlySeries(JANUARY, new double[] {1, 0}))
        .hasMessageContaining("2023-02");
    assertThatThrownBy(() -> new UnitCosts(2, 1)).hasMessageContaining("nobody would build");
  }

  /** By hand: a point forecast's score is its absolute error; knowing costs nothing more. */
  @Test
  void scoresByHand() {
    assertThat(Scores.crps(_ -> 10, 13)).isCloseTo(3, within(1e-12));
    assertThat(Scores.pinball(0.9, 10, 13)).isCloseTo(2.7, within(1e-12));
    assertThat(Scores.pinball(0.9, 13, 10)).isCloseTo(0.3, within(1e-12));
    UnitCosts costs = new UnitCosts(1, 2);
    assertThat(Scores.cost(_ -> 10, 10, costs)).isEqualTo(10);
    assertThat(Scores.cost(_ -> 10, 13, costs)).isEqualTo(16);
    assertThat(Scores.cost(_ -> 13, 10, costs)).isEqualTo(13);
  }

  @Test
  void theLeastOfAFunctionIsFound() {
    double[] least =
        NelderMead.least(
            p -> Math.pow(1 - p[0], 2) + 100 * Math.pow(p[1] - p[0] * p[0], 2),
            new double[] {-1.2, 1},
            new double[] {0.5, 0.5},
            2000);
    assertThat(least[0]).isCloseTo(1, within(1e-3));
    assertThat(least[1]).isCloseTo(1, within(1e-3));
  }
}
