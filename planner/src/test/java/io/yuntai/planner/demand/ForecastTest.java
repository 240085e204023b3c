package io.yuntai.planner.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.Forecaster.RecentDays;
import io.yuntai.planner.demand.Forecaster.Seasonal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-09-01T00:00:00Z");

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Days and weeks with a shape, as a service for people has them, and noise. */
  private HourlySeries shaped(int hours, double noise) {
    System.out.println("-Dyuntai.seed=" + seed);
    double[] amounts = new double[hours];
    for (int i = 0; i < hours; i++) {
      double day = 1 + 0.6 * Math.sin(2 * Math.PI * (i % 24 - 6) / 24);
      double week = i / 24 % 7 >= 5 ? 0.6 : 1;
      amounts[i] = 1e6 * day * week * Math.exp(noise * random.nextGaussian());
    }
    return new HourlySeries(MIDNIGHT, amounts, 0);
  }

  @Test
  void theSameHourOfTheDayBeforeIsByDefinitionAsGoodAsItself() {
    HourlySeries series = shaped(24 * 60, 0.2);
    Backtest naive = Backtest.of(series, new Seasonal(24));
    assertThat(naive.mase()).isCloseTo(1, within(0.15));
    assertThat(naive.origins()).isEqualTo(53);
  }

  @Test
  void methodsMustBeatTheDayBefore() {
    Forecast forecast = Forecast.of(shaped(24 * 60, 0.2), 48);
    assertThat(forecast.offered()).isNotEmpty();
    assertThat(forecast.chosen().pinball()).isLessThan(forecast.naive().pinball());
    assertThat(forecast.chosen().mase()).isLessThan(forecast.naive().mase());
    for (int i = 1; i < forecast.offered().size(); i++) {
      assertThat(forecast.offered().get(i).pinball())
          .isGreaterThanOrEqualTo(forecast.offered().get(i - 1).pinball());
    }
  }

  @Test
  void whereNothingBeatsTheDayBeforeItIsTheDayBefore() {
    double[] growing = new double[24 * 30];
    Arrays.setAll(growing, i -> Math.exp(Math.floorDiv(i, 24) * 0.2));
    Forecast forecast = Forecast.of(new HourlySeries(MIDNIGHT, growing, 0), 24);
    assertThat(forecast.offered()).isEmpty();
    assertThat(forecast.chosen()).isEqualTo(forecast.naive());
  }

  /** The gate of the design: 90 % bands hold 85 to 95 % of what came. */
  @Test
  void bandsHoldWhatTheySay() {
    Forecast forecast = Forecast.of(shaped(24 * 200, 0.25), 24);
    assertThat(forecast.chosen().coverage()).isBetween(0.85, 0.95);
    assertThat(forecast.naive().coverage()).isBetween(0.85, 0.95);
  }

  @Test
  void quantilesAreInOrderAndNeverBelowNothing() {
    HourlySeries series = shaped(24 * 30, 1.5);
    Fan fan = Forecast.of(series, 100).fan();
    assertThat(fan.hours()).isEqualTo(100);
    for (int hour = 0; hour < fan.hours(); hour++) {
      double below = 0;
      for (double level : new double[] {0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99}) {
        assertThat(fan.quantile(hour, level)).isGreaterThanOrEqualTo(below);
        below = fan.quantile(hour, level);
      }
    }
  }

  @Test
  void twiceAsMuchIsForecastAsTwiceAsMuch() {
    HourlySeries series = shaped(24 * 40, 0.3);
    double[] twice = Arrays.stream(series.amounts()).map(amount -> 2 * amount).toArray();
    Forecast one = Forecast.of(series, 30);
    Forecast two = Forecast.of(new HourlySeries(MIDNIGHT, twice, 0), 30);
    assertThat(two.chosen().mase()).isCloseTo(one.chosen().mase(), within(1e-9));
    for (int hour = 0; hour < 30; hour++) {
      assertThat(two.fan().quantile(hour, 0.9) / one.fan().quantile(hour, 0.9))
          .isCloseTo(2, within(1e-9));
    }
  }

  @Test
  void nothingAndAlwaysTheSameAreNoTrouble() {
    for (double amount : new double[] {0, 5}) {
      double[] flat = new double[24 * 20];
      Arrays.fill(flat, amount);
      Forecast forecast = Forecast.of(new HourlySeries(MIDNIGHT, flat, 0), 24);
      assertThat(forecast.naive().mase()).isZero();
      assertThat(forecast.fan().quantile(3, 0.95)).isEqualTo(amount);
    }
  }

  /** By hand: two days before the origin, and weights 1 and 0.5. */
  @Test
  void recentDaysWeighMore() {
    double[] past = new double[48];
    Arrays.fill(past, 0, 24, 30);
    Arrays.fill(past, 24, 48, 60);
    assertThat(new RecentDays(0.5).forecast(past, 48, 26)).hasSize(26).containsOnly(50);
    assertThat(new Seasonal(24).forecast(past, 48, 26)).containsOnly(60);
  }

  @Test
  void tooLittleIsSaid() {
    assertThatThrownBy(() -> Forecast.of(shaped(200, 0.1), 24))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("twelve days");
    assertThatThrownBy(() -> Forecast.of(shaped(900, 0.1), 0)).hasMessageContaining("not 0");
  }
}
