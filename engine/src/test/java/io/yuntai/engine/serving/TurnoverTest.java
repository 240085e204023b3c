package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnoverTest {
  private final Turnover turnover = new Turnover();

  @Test
  void beforeAnythingIsKnownOneSecondIsNamed() {
    assertThat(turnover.secondsUntilAPlace(0)).isEqualTo(1);
  }

  @Test
  void withoutAnyEndTheSequenceNearestToItsEndCounts() {
    turnover.stepped(millis(100), 75);
    assertThat(turnover.secondsUntilAPlace(0)).isEqualTo(8);
  }

  @Test
  void theMeanTimeBetweenEndsCountsWhereItIsShorter() {
    turnover.stepped(millis(100), 750);
    for (int i = 0; i < 100; i++) {
      turnover.sequenceEnded(millis(4_000L * i));
    }
    assertThat(turnover.secondsUntilAPlace(millis(4_000L * 100))).isEqualTo(4);
  }

  @Test
  void aTimeWithoutEndsMakesTheWaitLonger() {
    turnover.stepped(millis(1_000), 500);
    turnover.sequenceEnded(millis(0));
    turnover.sequenceEnded(millis(10_000));
    assertThat(turnover.secondsUntilAPlace(millis(20_000))).isEqualTo(10);
    assertThat(turnover.secondsUntilAPlace(millis(100_000))).isEqualTo(50);
    assertThat(turnover.secondsUntilAPlace(millis(1_000_000_000))).isEqualTo(500);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
