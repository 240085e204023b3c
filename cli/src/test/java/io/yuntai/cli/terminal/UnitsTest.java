package io.yuntai.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
  @Test
  void bytesHaveThreeDigitsAndAUnit() {
    assertThat(Units.bytes(0)).isEqualTo("0 B");
    assertThat(Units.bytes(999)).isEqualTo("999 B");
    assertThat(Units.bytes(1000)).isEqualTo("1.00 kB");
    assertThat(Units.bytes(999_600)).isEqualTo("1.00 MB");
    assertThat(Units.bytes(397_807_936)).isEqualTo("398 MB");
    assertThat(Units.bytes(12_340_000_000L)).isEqualTo("12.3 GB");
    assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("9.22 EB");
  }

  @Test
  void durationsGrowCoarserAsTheyGrow() {
    assertThat(Units.duration(Duration.ofMillis(420))).isEqualTo("0.42 s");
    assertThat(Units.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Units.duration(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
    assertThat(Units.duration(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
    assertThat(Units.duration(Duration.ofHours(76))).isEqualTo("3 d 4 h");
  }

  @Test
  void aProgressLineNeverFillsTheTerminal() {
    for (int columns = 20; columns < 120; columns++) {
      String line = ProgressBar.line("pull 2/3", 240_000_000, 398_000_000, 41e6, 4, columns);
      assertThat(line.length()).isLessThan(columns);
    }
  }

  @Test
  void theBarIsFullWhenAllIsThere() {
    assertThat(ProgressBar.line("pull", 10, 10, 0, -1, 80)).contains("100 %").doesNotContain("░");
    assertThat(ProgressBar.line("pull", 0, 10, 0, -1, 80)).contains("  0 %").doesNotContain("█");
    assertThat(ProgressBar.line("pull", 1234, -1, 0, -1, 80)).isEqualTo("pull  1.23 kB");
  }

  @Test
  void sizesAreReadAsTheyAreWritten() {
    assertThat(Units.parseBytes("4GB")).hasValue(4_000_000_000L);
    assertThat(Units.parseBytes("1.5 tb")).hasValue(1_500_000_000_000L);
    assertThat(Units.parseBytes("17B")).hasValue(17);
    for (String none : new String[] {"", "GB", "0GB", "-1GB", "4", "4GiB", "4 GB x", "1e9B"}) {
      assertThat(Units.parseBytes(none)).as(none).isEmpty();
    }
  }
}
