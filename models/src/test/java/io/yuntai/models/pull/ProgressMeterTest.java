package io.yuntai.models.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.models.pull.PullEvent.Phase;
import io.yuntai.models.pull.PullEvent.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  private final List<PullEvent> events = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final ProgressMeter meter = new ProgressMeter(events::add, nanos::get);

  @Test
  void rateAndRemainingTimeComeFromTheLastSeconds() {
    meter.started(500, 2500);
    for (int i = 0; i < 10; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      meter.received(100);
    }

    assertThat(events.getLast()).isEqualTo(new Progress(Phase.DOWNLOAD, 1500, 2500, 100, 10, 1, 1));
  }

  @Test
  void eventsAreAFewASecondAndTheLastIsNeverLeftOut() {
    meter.started(0, 1000);
    for (int i = 0; i < 1000; i++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      meter.received(1);
    }

    assertThat(events).hasSizeBetween(5, 8);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(Progress.class, last -> assertThat(last.bytes()).isEqualTo(1000));
  }

  @Test
  void anUnknownTotalHasNoRemainingTime() {
    meter.started(0, -1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    meter.received(100);

    assertThat(events.getLast()).isEqualTo(new Progress(Phase.DOWNLOAD, 100, -1, 100, -1, 1, 1));
  }

  @Test
  void moreThanTheTotalIsNeverShown() {
    meter.started(0, 100);
    meter.part(2, 3);
    meter.received(150);

    assertThat(events.getLast())
        .isInstanceOfSatisfying(Progress.class, last -> assertThat(last.bytes()).isEqualTo(100));
  }
}
