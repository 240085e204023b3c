package io.yuntai.server.routes;

import io.yuntai.dialect.Usage;
import io.yuntai.server.gateway.TargetStatistics;
import io.yuntai.server.upstream.UpstreamException;
import io.yuntai.server.upstream.UpstreamException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How a target is doing. All routes that lead to it share it. Safe for use by many threads. */
final class TargetState {
  /** Longest time for which a target that is at its limit is left alone. */
  private static final long MAX_REST_NANOS = Duration.ofSeconds(60).toNanos();

  private static final String OK = "ok";

  private final String label;
  private final @Nullable LiveUpstream upstream;
  private final Breaker breaker;
  private volatile long restUntilNanos = System.nanoTime();

  private final LongAdder inFlight = new LongAdder();
  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final LongAdder firstTokens = new LongAdder();
  private final LongAdder firstTokenNanos = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder completionTokens = new LongAdder();

  /**
   * @param upstream null where the target is a model of ours
   */
  TargetState(String label, @Nullable LiveUpstream upstream, Breaker.Settings breaker) {
    this.label = label;
    this.upstream = upstream;
    this.breaker = new Breaker(breaker);
  }

  String label() {
    return label;
  }

  @Nullable LiveUpstream upstream() {
    return upstream;
  }

  /** Whether it may be asked as far as it is known. */
  boolean available(long nowNanos) {
    return nowNanos - restUntilNanos >= 0
        && (upstream == null || upstream.healthy())
        && breaker.allows(nowNanos);
  }

  /** As {@link Breaker#tryAcquire}. */
  long tryAcquire(long nowNanos) {
    long permit = breaker.tryAcquire(nowNanos);
    if (permit != Breaker.REFUSED) {
      inFlight.increment();
    }
    return permit;
  }

  /** Nothing was learned about it. */
  void released(long permit, String outcome) {
    breaker.released(permit);
    count(outcome);
  }

  void began(long nanos) {
    firstTokens.increment();
    firstTokenNanos.add(nanos);
  }

  void succeeded(long permit, Usage usage) {
    breaker.succeeded(permit);
    promptTokens.add(usage.promptTokens());
    completionTokens.add(usage.completionTokens());
    count(OK);
  }

  void failed(long permit, UpstreamException e, long nowNanos) {
    switch (e.kind()) {
      case REQUEST_REFUSED -> breaker.succeeded(permit);
      case CANCELLED -> breaker.released(permit);
      case LIMITED -> {
        long seconds = e.error().retryAfterSeconds().orElse(1);
        restUntilNanos = nowNanos + Math.min(Duration.ofSeconds(seconds).toNanos(), MAX_REST_NANOS);
        breaker.released(permit);
      }
      case UNREACHABLE, TIMEOUT, FAILED, MISCONFIGURED -> breaker.failed(permit, nowNanos);
    }
    count(nameOf(e.kind()));
  }

  private static String nameOf(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private void count(String outcome) {
    inFlight.decrement();
    outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
  }

  TargetStatistics statistics() {
    Map<String, Long> counts = new LinkedHashMap<>();
    outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
    return new TargetStatistics(
        label,
        breaker.state().value(),
        upstream == null || upstream.healthy(),
        inFlight.sum(),
        counts,
        firstTokens.sum(),
        firstTokenNanos.sum() / 1e9,
        promptTokens.sum(),
        completionTokens.sum());
  }
}
