package io.yuntai.planner.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against values of statsmodels, which {@code statsmodels_values.py} beside them made. */
class SeasonsTest {
  private static final int[] PERIODS = {24, 168};

  private static double[][] columns = {};
  private static double[] fixed = {};
  private static double[] best = {};

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SeasonsTest.class.getResourceAsStream("statsmodels-values.csv"))) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      List<double[]> rows =
          lines.stream()
              .filter(line -> Character.isDigit(line.charAt(0)))
              .map(SeasonsTest::numbers)
              .toList();
      columns = new double[rows.getFirst().length][rows.size()];
      for (int c = 0; c < columns.length; c++) {
        int column = c;
        Arrays.setAll(columns[c], t -> rows.get(t)[column]);
      }
      fixed = numbers(line(lines, "damped,fixed,"));
      best = numbers(line(lines, "damped,best,"));
    }
  }

  private static String line(List<String> lines, String head) {
    return lines.stream()
        .filter(line -> line.startsWith(head))
        .findFirst()
        .orElseThrow()
        .substring(head.length());
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
  }

  private static void close(double[] ours, double[] theirs) {
    for (int t = 0; t < theirs.length; t++) {
      assertThat(ours[t]).as("hour %d", t).isCloseTo(theirs[t], within(1e-6));
    }
  }

  @Test
  void daysWeeksAndTrendAreThoseOfStatsmodels() {
    Seasons apart = Seasons.of(columns[1], PERIODS, 0);
    close(apart.seasons()[0], columns[2]);
    close(apart.seasons()[1], columns[3]);
    close(apart.trend(), columns[4]);
  }

  @Test
  void soTheyAreWithValuesAtATenthOfTheWindows() {
    Seasons apart = Seasons.of(columns[1], PERIODS, Seasons.USUAL_JUMP);
    close(apart.seasons()[0], columns[5]);
    close(apart.seasons()[1], columns[6]);
    close(apart.trend(), columns[7]);
  }

  @Test
  void partsAddUpToTheSeries() {
    Seasons apart = Seasons.of(columns[1], PERIODS, 0.1);
    for (int t = 0; t < columns[1].length; t++) {
      double sum =
          apart.seasons()[0][t] + apart.seasons()[1][t] + apart.trend()[t] + apart.rest()[t];
      assertThat(sum).isCloseTo(columns[1][t], within(1e-9));
    }
  }

  private static double[] plain() {
    double[] plain = new double[columns[1].length];
    Arrays.setAll(plain, t -> columns[1][t] - columns[2][t] - columns[3][t]);
    return plain;
  }

  @Test
  void theDampedTrendIsThatOfStatsmodels() {
    DampedTrend trend = DampedTrend.run(plain(), 0.4, 0.2, 0.9);
    assertThat(trend.squares()).isCloseTo(fixed[0], within(1e-6));
    close(trend.forecast(24), Arrays.copyOfRange(fixed, 1, fixed.length));
  }

  /** The search must be at least as good as theirs, and end where theirs does. */
  @Test
  void theBestDampedTrendIsAsGood() {
    DampedTrend trend = DampedTrend.fit(plain());
    assertThat(trend.squares()).isLessThan(best[0] * (1 + 1e-3));
    double[] next = trend.forecast(24);
    for (int h = 0; h < next.length; h++) {
      assertThat(next[h] / best[1 + h]).isCloseTo(1, within(1e-3));
    }
  }
}
