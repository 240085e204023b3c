package io.yuntai.planner.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HourlySeriesTest {
  private static final String LINES =
      """
      hour,served,refused
      2026-11-02T15:00:00Z,1000,0
      2026-11-02T16:00:00Z,1200,300
      2026-11-02T18:00:00Z,900,0
      """;

  private static HourlySeries read(String text) throws IOException {
    return HourlySeries.read(new StringReader(text), "usage.csv");
  }

  @Test
  void whatWasRefusedWasAskedForToo() throws IOException {
    HourlySeries series = read(LINES);
    assertThat(series.first()).isEqualTo(Instant.parse("2026-11-02T15:00:00Z"));
    assertThat(series.amounts()).containsExactly(1000, 1500, 1500, 900);
    assertThat(series.missing()).isEqualTo(1);
    assertThat(read("hour,served\n2026-11-02T15:00:00Z,7\n").amounts()).containsExactly(7);
  }

  @ParameterizedTest
  @CsvSource({
    "'hour,served,refused', 'hour;served', usage.csv:1: the heading",
    "1000, -1000, usage.csv:2: '-1000' is no amount",
    "1000, 1e30, usage.csv:2: '1e30' is no amount",
    "1000, NaN, is no amount",
    "1200, many, usage.csv:3: 'many'",
    "2026-11-02T16, 2026-11-02T14, usage.csv:3: the hour",
    "2026-11-02T16, 2026-11-02T15, does not come after",
    "16:00:00Z, 16:30:00Z, usage.csv:3: '2026-11-02T16:30:00Z' is no hour",
    "2026-11-02T18, 2126-11-02T18, more than 87660 hours",
    "'900,0', '900', usage.csv:5: 2 cells"
  })
  void slipsAreNamedWithTheirLine(String right, String wrong, String message) {
    assertThatThrownBy(() -> read(LINES.replace(right, wrong)))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining(message.replace("usage.csv:5", "usage.csv:4"));
  }

  @Test
  void endlessLinesAreNotRead() {
    assertThatThrownBy(() -> read("hour,served\n" + "9".repeat(100_000)))
        .hasMessageContaining("usage.csv:2: a line of more than 200");
  }

  @Test
  void damagedFilesAreRefusedInASentence() throws IOException {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder(LINES);
      for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
      }
      try {
        assertThat(read(text.toString()).hours()).isLessThanOrEqualTo(HourlySeries.MAX_HOURS);
      } catch (PlannerException e) {
        assertThat(e).hasMessageStartingWith("usage.csv:");
      }
    }
  }
}
