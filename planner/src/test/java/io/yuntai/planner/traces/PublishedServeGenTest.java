package io.yuntai.planner.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.demand.Backtest;
import io.yuntai.planner.demand.Forecast;
import io.yuntai.planner.demand.Forecaster;
import io.yuntai.planner.demand.Forecaster.Mix;
import io.yuntai.planner.demand.Forecaster.RecentDays;
import io.yuntai.planner.demand.Forecaster.Seasonal;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Case 8 of the design on the published traces, for whoever has them: {@code ./mvnw -pl planner
 * test -Pvectors -Dtest=PublishedServeGenTest -Dyuntai.servegen=DIR} with the project's folder
 * {@code data/language}.
 */
@Tag("vectors")
class PublishedServeGenTest {
  private static final String[] SERVICES = {"m-large", "m-mid", "m-small"};
  private static final double[] DAY = {1.312, 1.199, 1.695};
  private static final double[] WEEK = {1.113, 1.480, 1.958};
  private static final double[] RECENT = {1.188, 1.114, 1.585};
  private static final double[] MIX = {1.059, 1.173, 1.692};

  @Test
  void publishedScoresAreReproduced() {
    Path folder = Path.of(Objects.requireNonNull(System.getProperty("yuntai.servegen")));
    Forecaster recent = new RecentDays(0.6);
    Forecaster week = new Seasonal(168);
    double mase = 0;
    double pinball = 0;
    for (int i = 0; i < SERVICES.length; i++) {
      var hours = ServeGenTrace.read(folder.resolve(SERVICES[i])).hours();
      assertThat(Backtest.of(hours, new Seasonal(24)).mase()).isCloseTo(DAY[i], within(0.01));
      assertThat(Backtest.of(hours, week).mase()).isCloseTo(WEEK[i], within(0.01));
      assertThat(Backtest.of(hours, recent).mase()).isCloseTo(RECENT[i], within(0.01));
      assertThat(Backtest.of(hours, new Mix(recent, week)).mase()).isCloseTo(MIX[i], within(0.01));
      Forecast forecast = Forecast.of(hours, 24);
      mase += forecast.chosen().mase() / forecast.naive().mase() / SERVICES.length;
      pinball += forecast.chosen().pinball() / forecast.naive().pinball() / SERVICES.length;
    }
    assertThat(mase).isLessThan(0.93);
    assertThat(pinball).isLessThan(0.85);
  }
}
