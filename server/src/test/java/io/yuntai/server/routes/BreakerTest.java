package io.yuntai.server.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.routes.Breaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Breaker.Settings SETTINGS =
      new Breaker.Settings(3, Duration.ofSeconds(5), Duration.ofSeconds(20), 2);
  private static final long SECOND = 1_000_000_000L;

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Breaker breaker = new Breaker(SETTINGS);

  private void fail(long now) {
    long permit = breaker.tryAcquire(now);
    assertThat(permit).isNotEqualTo(Breaker.REFUSED);
    breaker.failed(permit, now);
  }

  @Test
  void opensAfterFailuresInARowAndClosesAfterProbes() {
    fail(0);
    fail(0);
    breaker.succeeded(breaker.tryAcquire(0));
    fail(0);
    fail(0);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    fail(0);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.tryAcquire(4 * SECOND)).isEqualTo(Breaker.REFUSED);
    long first = breaker.tryAcquire(5 * SECOND);
    long second = breaker.tryAcquire(5 * SECOND);
    assertThat(breaker.tryAcquire(5 * SECOND)).isEqualTo(Breaker.REFUSED);
    breaker.succeeded(first);
    assertThat(breaker.tryAcquire(5 * SECOND)).isEqualTo(Breaker.REFUSED);
    breaker.succeeded(second);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void staysOpenTwiceAsLongWhenAProbeFailsUpToItsMost() {
    fail(0);
    fail(0);
    fail(0);
    long now = 5 * SECOND;
    for (long open : new long[] {10, 20, 20}) {
      fail(now);
      assertThat(breaker.allows(now + open * SECOND - 1)).isFalse();
      now += open * SECOND;
      assertThat(breaker.allows(now)).isTrue();
    }
  }

  @Test
  void aProbeWhoseClientLeftGivesItsPlaceBack() {
    fail(0);
    fail(0);
    fail(0);
    long first = breaker.tryAcquire(5 * SECOND);
    long second = breaker.tryAcquire(5 * SECOND);
    breaker.released(first);
    assertThat(breaker.tryAcquire(5 * SECOND)).isNotEqualTo(Breaker.REFUSED);
    breaker.succeeded(second);
  }

  @Test
  void neverLetsMoreThanItsProbesThroughWhileItIsNotClosed() {
    System.out.println("-Dyuntai.seed=" + seed);
    long now = 0;
    List<Long> out = new ArrayList<>();
    List<Long> probes = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      now += random.nextLong(SECOND);
      if (random.nextBoolean()) {
        State before = breaker.state();
        long permit = breaker.tryAcquire(now);
        if (permit != Breaker.REFUSED) {
          if (before != State.CLOSED) {
            probes = before == State.OPEN ? new ArrayList<>() : probes;
            probes.add(permit);
          }
          out.add(permit);
        }
      } else if (!out.isEmpty()) {
        Long permit = out.remove(random.nextInt(out.size()));
        boolean ended = true;
        switch (random.nextInt(3)) {
          case 0 -> breaker.succeeded(permit);
          case 1 -> breaker.failed(permit, now);
          default -> breaker.released(permit);
        }
        if (ended && breaker.state() == State.HALF_OPEN) {
          probes.remove(permit);
        }
      }
      if (breaker.state() == State.HALF_OPEN) {
        assertThat(probes.size()).isLessThanOrEqualTo(SETTINGS.probes());
      }
    }
  }
}
