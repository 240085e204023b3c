package io.yuntai.server.standing;

import io.yuntai.engine.EngineStatistics;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.gateway.TargetStatistics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the engines and targets do, looked at each second and kept for a few minutes. Safe for use
 * by many threads.
 */
public final class Vitals implements AutoCloseable {
  /** How many seconds are kept. */
  public static final int KEPT_SECONDS = 300;

  private static final int RATE_SECONDS = 5;

  /**
   * A look.
   *
   * @param at when
   * @param tokensPerSecond generated, over the last seconds
   * @param promptTokensPerSecond computed or found, over the last seconds
   * @param running generations that share engines' steps, and requests at targets
   * @param waiting generations that wait for a place
   * @param kvUsedShare the fullest engine's used share of its KV blocks, 0 to 1
   */
  public record Look(
      Instant at,
      double tokensPerSecond,
      double promptTokensPerSecond,
      int running,
      int waiting,
      double kvUsedShare) {
    private static final Look NOTHING = new Look(Instant.EPOCH, 0, 0, 0, 0, 0);
  }

  private record Counted(Instant at, long generated, long prompt) {}

  private final ModelHost host;
  private final Routing routing;
  private final InstantSource clock;
  private final Deque<Look> looks = new ArrayDeque<>();
  private final Deque<Counted> counts = new ArrayDeque<>();
  private final Map<String, Counted> lastOf = new HashMap<>();
  private long generated;
  private long prompt;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("vitals").factory());

  private Vitals(ModelHost host, Routing routing, InstantSource clock) {
    this.host = host;
    this.routing = routing;
    this.clock = clock;
  }

  /** Begins to look. */
  public static Vitals start(ModelHost host, Routing routing, InstantSource clock) {
    Vitals vitals = new Vitals(host, routing, clock);
    vitals.look();
    ScheduledFuture<?> _ = vitals.thread.scheduleAtFixedRate(vitals::look, 1, 1, TimeUnit.SECONDS);
    return vitals;
  }

  /** The last look. */
  public synchronized Look now() {
    return looks.isEmpty() ? Look.NOTHING : looks.getLast();
  }

  /** The last few minutes, in order. */
  public synchronized List<Look> recent() {
    return List.copyOf(looks);
  }

  private synchronized void look() {
    Instant now = clock.instant();
    int running = 0;
    int waiting = 0;
    double kv = 0;
    for (HostedModel model : host.all()) {
      if (model.parent().isPresent()) {
        continue; // an adapter's work is its model's
      }
      EngineStatistics engine = model.statistics().get();
      running += engine.running();
      waiting += engine.waiting();
      kv =
          Math.max(
              kv, engine.kvBlocks() == 0 ? 0 : (double) engine.kvBlocksUsed() / engine.kvBlocks());
      count(model.name(), new Counted(now, engine.completionTokens(), engine.promptTokens()));
    }
    for (TargetStatistics target : routing.statistics()) {
      running += Math.toIntExact(target.inFlight());
      count(
          "target " + target.target(),
          new Counted(now, target.completionTokens(), target.promptTokens()));
    }
    counts.addLast(new Counted(now, generated, prompt));
    while (counts.size() > RATE_SECONDS + 1) {
      counts.removeFirst();
    }
    Counted first = counts.getFirst();
    double seconds = Duration.between(first.at(), now).toMillis() / 1000.0;
    looks.addLast(
        new Look(
            now,
            seconds <= 0 ? 0 : (generated - first.generated()) / seconds,
            seconds <= 0 ? 0 : (prompt - first.prompt()) / seconds,
            running,
            waiting,
            kv));
    while (looks.size() > KEPT_SECONDS) {
      looks.removeFirst();
    }
  }

  /** Counters of engines begin anew when a model is loaded again. */
  private void count(String name, Counted now) {
    Counted before = lastOf.put(name, now);
    if (before != null && now.generated() >= before.generated()) {
      generated += now.generated() - before.generated();
      prompt += Math.max(0, now.prompt() - before.prompt());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
