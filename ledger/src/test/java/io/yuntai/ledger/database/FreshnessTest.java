package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void aReadingThatDoesNotComeIsNotWaitedForLongerThanALook() {
    CountDownLatch hanging = new CountDownLatch(1);
    Freshness freshness = new Freshness("test", LONG, Duration.ofMillis(20), () -> {});
    assertThatThrownBy(() -> freshness.read(() -> endOf(hanging)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("has not answered");
    hanging.countDown();
  }

  @Test
  void aReadingGivesItsValueOrItsFault() {
    Freshness freshness = new Freshness("test", LONG, LONG, () -> {});
    assertThat(freshness.read(() -> "value")).isEqualTo("value");
    assertThatThrownBy(() ->
            freshness.read(() -> {
              throw new DatabaseException("gone");
            }))
        .isInstanceOf(DatabaseException.class)
        .hasMessage("gone");
    assertThatThrownBy(() ->
            freshness.read(() -> {
              throw new IllegalArgumentException("a fault");
            }))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean endOf(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
