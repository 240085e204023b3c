package io.yuntai.server.routes;

import java.time.Duration;

/**
 * Stops asking a target that fails, and finds out when it has recovered: closed until {@code
 * failures} in a row, then open for a while that doubles each time, then half-open, which lets
 * {@code probes} requests through to decide (the pattern is M. Nygard's, "Release It!"). Safe for
 * use by many threads; time is an argument.
 */
final class Breaker {
  /** What {@link #tryAcquire} answers when the target must not be asked. */
  static final long REFUSED = -1;

  private final Settings settings;
  private State state = State.CLOSED;

  /** Counts changes of state: what is told of an earlier state has no effect. */
  private long epoch;

  private int failuresInRow;
  private long openUntilNanos;
  private long openNanos;
  private int probesUnderWay;
  private int probesPassed;

  /**
   * @param failures in a row that open it, at least 1
   * @param open how long it stays open the first time
   * @param maxOpen the most that doubling leads to
   * @param probes how many requests decide whether it closes, at least 1
   */
  record Settings(int failures, Duration open, Duration maxOpen, int probes) {
    static final Settings DEFAULTS =
        new Settings(5, Duration.ofSeconds(5), Duration.ofMinutes(1), 1);
  }

  /** Whether requests go through. */
  enum State {
    CLOSED,
    HALF_OPEN,
    OPEN;

    /** For metrics. */
    int value() {
      return switch (this) {
        case CLOSED -> 0;
        case HALF_OPEN -> 1;
        case OPEN -> 2;
      };
    }
  }

  Breaker(Settings settings) {
    this.settings = settings;
    this.openNanos = settings.open().toNanos();
  }

  /** Whether {@link #tryAcquire} would let a request through. */
  synchronized boolean allows(long nowNanos) {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> nowNanos - openUntilNanos >= 0;
      case HALF_OPEN -> probesUnderWay + probesPassed < settings.probes();
    };
  }

  /**
   * Lets a request through or not.
   *
   * @return a permit, which one of the other methods takes back; or {@link #REFUSED}
   */
  synchronized long tryAcquire(long nowNanos) {
    if (!allows(nowNanos)) {
      return REFUSED;
    }
    if (state == State.OPEN) {
      change(State.HALF_OPEN);
      probesUnderWay = 0;
      probesPassed = 0;
    }
    if (state == State.HALF_OPEN) {
      probesUnderWay++;
    }
    return epoch;
  }

  /** The request went well, as far as the target goes. */
  synchronized void succeeded(long permit) {
    if (permit != epoch) {
      return;
    }
    failuresInRow = 0;
    if (state == State.HALF_OPEN) {
      probesUnderWay--;
      probesPassed++;
      if (probesPassed >= settings.probes()) {
        change(State.CLOSED);
        openNanos = settings.open().toNanos();
      }
    }
  }

  /** The target failed. */
  synchronized void failed(long permit, long nowNanos) {
    if (permit != epoch) {
      return;
    }
    failuresInRow++;
    if (state == State.HALF_OPEN) {
      openNanos = Math.min(2 * openNanos, settings.maxOpen().toNanos());
      open(nowNanos);
    } else if (state == State.CLOSED && failuresInRow >= settings.failures()) {
      open(nowNanos);
    }
  }

  /** The request told nothing about the target: its client left. */
  synchronized void released(long permit) {
    if (permit == epoch && state == State.HALF_OPEN) {
      probesUnderWay--;
    }
  }

  synchronized State state() {
    return state;
  }

  private void open(long nowNanos) {
    openUntilNanos = nowNanos + openNanos;
    change(State.OPEN);
  }

  private void change(State to) {
    state = to;
    failuresInRow = 0;
    epoch++;
  }
}
