package io.yuntai.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TraceContextTest {
  private static final String GOOD = "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01";

  @Test
  void readsAndWritesTheHeader() {
    TraceContext context = TraceContext.parse(GOOD).orElseThrow();
    assertThat(context.sampled()).isTrue();
    assertThat(context.header()).isEqualTo(GOOD);
    assertThat(TraceContext.parse("cc" + GOOD.substring(2) + "-what-comes-later")).isPresent();
  }

  @Test
  void takesNothingThatIsNotWhatTheStandardSays() {
    assertThat(TraceContext.parse("")).isEmpty();
    assertThat(TraceContext.parse("ff" + GOOD.substring(2))).isEmpty();
    assertThat(TraceContext.parse(GOOD + "-more")).isEmpty();
    assertThat(TraceContext.parse(GOOD.replace("0123456789abcdef", "0".repeat(16)))).isEmpty();
    assertThat(TraceContext.parse(GOOD.replace("abcdef", "ABCDEF"))).isEmpty();
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      StringBuilder damaged = new StringBuilder(GOOD);
      for (int k = 0; k <= random.nextInt(3); k++) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
      }
      TraceContext.parse(damaged.toString())
          .ifPresent(context -> assertThat(context.traceId()).matches("[0-9a-f]{32}"));
    }
  }
}
