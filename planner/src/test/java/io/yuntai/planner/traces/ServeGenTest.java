package io.yuntai.planner.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.demand.Backtest;
import io.yuntai.planner.demand.Forecast;
import io.yuntai.planner.demand.Forecaster;
import io.yuntai.planner.demand.Forecaster.Mix;
import io.yuntai.planner.demand.Forecaster.RecentDays;
import io.yuntai.planner.demand.Forecaster.Seasonal;
import io.yuntai.planner.demand.HourlySeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published traces can't be had here: a generator with their published statistics stands for
 * them, and what methods score on it is no claim about the real ones.
 */
class ServeGenTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void theGeneratorHasThePublishedStatistics() {
    for (ServeGenLike like : List.of(ServeGenLike.LARGE, ServeGenLike.MID, ServeGenLike.SMALL)) {
      ServeGenTrace trace = like.trace(7);
      assertThat(trace.clients()).hasSize(like.clients());
      assertThat(trace.hours().hours()).isEqualTo(336);
      assertThat(ServeGenTrace.peak(trace.hours().amounts()))
          .isCloseTo(like.hourPeak(), within(0.05));
      assertThat(ServeGenTrace.peak(trace.bins())).isCloseTo(like.binPeak(), within(0.1));
      assertThat(trace.share(10)).isCloseTo(like.topTen(), within(0.01));
      assertThat(Backtest.of(trace.hours(), new Seasonal(24)).mase())
          .isCloseTo(like.dayBefore(), within(0.01));
      assertThat(like.trace(7).hours()).isEqualTo(trace.hours());
      assertThat(like.trace(8).hours()).isNotEqualTo(trace.hours());
    }
  }

  @Test
  void thePublishedFormatIsRead() throws IOException {
    ServeGenTrace trace = ServeGenLike.SMALL.trace(3);
    for (int client = 0; client < trace.clients().size(); client++) {
      StringBuilder lines = new StringBuilder();
      double[] rates = trace.clients().get(client);
      for (int i = 0; i < rates.length; i++) {
        lines.append(i * 600).append(',').append(rates[i]).append(",1.2,Gamma,0.7,1.3\n");
      }
      Files.writeString(folder.resolve("chunk-%d-trace.csv".formatted(client)), lines);
    }
    Files.writeString(folder.resolve("chunk-0-dataset.json"), "{}");
    assertThat(ServeGenTrace.read(folder).hours().amounts())
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(trace.hours().amounts());
  }

  @Test
  void restingClientsAskForNothing() throws IOException {
    Files.writeString(folder.resolve("chunk-1-trace.csv"), "0,3.5,1,Weibull,1,1\n600,0,0,,0,0\n");
    assertThat(ServeGenTrace.read(folder).bins()).containsExactly(3.5, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,1,1,Gamma,1", "600,1,1,Gamma,1,1", "0,-1,1,Gamma,1,1", "0,x,1,G,1,1"})
  void slipsAreNamed(String line) throws IOException {
    Files.writeString(folder.resolve("chunk-1-trace.csv"), line);
    assertThatThrownBy(() -> ServeGenTrace.read(folder))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("chunk-1-trace.csv:1");
  }

  /** The same arithmetic written out again: origins each 24 hours from hour 168 on. */
  @Test
  void theBacktestsArithmeticIsThePublishedOne() {
    for (long seed = 1; seed <= 5; seed++) {
      double[] hours = ServeGenLike.LARGE.trace(seed).hours().amounts();
      Forecaster week = new Seasonal(168);
      Forecaster recent = new RecentDays(0.6);
      assertThat(judged(hours, new Seasonal(24)))
          .isCloseTo(mase(hours, (o, i) -> hours[o + i - 24]), within(1e-9));
      assertThat(judged(hours, week))
          .isCloseTo(mase(hours, (o, i) -> hours[o + i - 168]), within(1e-9));
      assertThat(judged(hours, recent))
          .isCloseTo(mase(hours, (o, i) -> ewma(hours, o, i)), within(1e-9));
      assertThat(judged(hours, new Mix(recent, week)))
          .isCloseTo(
              mase(hours, (o, i) -> 0.5 * ewma(hours, o, i) + 0.5 * hours[o + i - 168]),
              within(1e-9));
    }
  }

  private interface Method {
    double at(int origin, int ahead);
  }

  private static double judged(double[] hours, Forecaster method) {
    return Backtest.of(new HourlySeries(Instant.EPOCH, hours, 0), method).mase();
  }

  private static double ewma(double[] hours, int origin, int ahead) {
    double sum = 0;
    double weights = 0;
    for (int days = 1; origin + ahead - 24 * days >= 0; days++) {
      double weight = Math.pow(0.6, days);
      sum += weight * hours[origin + ahead - 24 * days];
      weights += weight;
    }
    return sum / weights;
  }

  private static double mase(double[] hours, Method method) {
    double sum = 0;
    for (int origin = 168; origin <= 312; origin += 24) {
      double scale = 0;
      for (int i = 24; i < origin; i++) {
        scale += Math.abs(hours[i] - hours[i - 24]) / (origin - 24);
      }
      for (int i = 0; i < 24; i++) {
        sum += Math.abs(hours[origin + i] - method.at(origin, i)) / scale / 24 / 7;
      }
    }
    return sum;
  }

  /** By a tenth for each service, on what was made up; both in MASE and in pinball loss. */
  @Test
  void theProductsChoiceBeatsTheDayBefore() {
    for (ServeGenLike like : List.of(ServeGenLike.LARGE, ServeGenLike.MID, ServeGenLike.SMALL)) {
      for (long seed = 11; seed < 16; seed++) {
        Forecast forecast = Forecast.of(like.trace(seed).hours(), 24);
        assertThat(forecast.naive().origins()).isEqualTo(7);
        assertThat(forecast.chosen().mase())
            .as("%s, seed %d", like, seed)
            .isLessThan(0.9 * forecast.naive().mase());
        assertThat(forecast.chosen().pinball())
            .as("%s, seed %d", like, seed)
            .isLessThan(0.9 * forecast.naive().pinball());
      }
    }
  }
}
