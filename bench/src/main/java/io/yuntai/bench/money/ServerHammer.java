package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole product under load while its processes get SIGKILL: the server alone, the database
 * alone, both at once, or the engine behind them. What clients have received is compared with what
 * was billed.
 */
final class ServerHammer {
  private static final int CLIENTS = 12;
  private static final Duration SETTLED_MOST = Duration.ofSeconds(90);
  private static final Pattern SUM =
      Pattern.compile(
          "\"requests\":(\\d+),\"input_tokens\":(\\d+),\"cached_tokens\":(\\d+),\"output_tokens\":(\\d+)");

  private final Path launcher;
  private final Path home;
  private final int port;
  private final int upstreamPort;
  private final AtomicLong tried = new AtomicLong();
  private final AtomicLong complete = new AtomicLong();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();
  private final AtomicLong tokensOfBroken = new AtomicLong();

  ServerHammer(Path launcher, Path home, int port, int upstreamPort) {
    this.launcher = launcher;
    this.home = home;
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  private record Billed(long requests, long output) {}

  /** Runs for so long; returns {@code name=number} lines. */
  List<String> run(long seconds) throws IOException {
    AtomicBoolean over = new AtomicBoolean();
    long[] kills = new long[4];
    Random random = new Random();
    try (KilledEngine engine = new KilledEngine(upstreamPort);
        Product product = new Product(launcher, home, port, upstreamPort);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      product.start();
      product.tenant("hammer");
      String key = product.key("hammer", "k", "1000000/total");
      for (int i = 0; i < CLIENTS; i++) {
        threads.execute(() -> ask(key, over));
      }
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      try {
        while (System.nanoTime() < end) {
          LockSupport.parkNanos(Duration.ofMillis(1500 + random.nextInt(2500)).toNanos());
          int kind = random.nextInt(4);
          kills[kind]++;
          if (kind == 3) {
            engine.kill();
            continue;
          }
          product.kill(kind != 1, kind != 0);
          if (kind == 1) {
            // A server whose database has gone says so and ends, or finds it again.
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            product.kill(true, true);
          }
          product.start();
        }
      } finally {
        over.set(true);
      }
      threads.shutdown();
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      Billed billed = settled(product);
      product.run("ledger", "verify");
      long lost = Math.max(0, complete.get() * CountingUpstream.TOKENS - billed.output());
      long most =
          complete.get() * CountingUpstream.TOKENS
              + broken.get() * CountingUpstream.TOKENS
              + left.get() * CountingUpstream.TOKENS;
      long doubled =
          Math.max(0, billed.requests() - tried.get()) + Math.max(0, billed.output() - most);
      if (lost + doubled > 0) {
        throw new BenchException(
            "tokens lost %d, doubled %d: %s of %d tried, %d complete"
                .formatted(lost, doubled, billed, tried.get(), complete.get()));
      }
      return lines(kills, billed, lost, doubled);
    }
  }

  private List<String> lines(long[] kills, Billed billed, long lost, long doubled) {
    List<String> lines = new ArrayList<>();
    lines.add("tried=" + tried);
    lines.add("answered to the end=" + complete);
    lines.add("left by the client=" + left);
    lines.add("broken by a kill=" + broken);
    lines.add("tokens received of broken ones=" + tokensOfBroken);
    lines.add("billed=" + billed.requests());
    lines.add("fault server killed=" + kills[0]);
    lines.add("fault database killed=" + kills[1]);
    lines.add("fault both killed=" + kills[2]);
    lines.add("fault engine killed=" + kills[3]);
    lines.add("lost=" + lost);
    lines.add("doubled=" + doubled);
    return lines;
  }

  private void ask(String key, AtomicBoolean over) {
    Random random = new Random();
    while (!over.get()) {
      boolean stream = random.nextBoolean();
      int leaveAfter =
          stream && random.nextInt(8) == 0 ? 1 + random.nextInt(70) : Integer.MAX_VALUE;
      ChatClient.Answer answer = ChatClient.ask(port, key, stream, true, leaveAfter);
      if (answer.status() != 200) {
        LockSupport.parkNanos(50_000_000); // it is down, or says that it can't serve
        continue;
      }
      tried.incrementAndGet();
      if (answer.complete()) {
        complete.incrementAndGet();
      } else if (answer.tokens() >= leaveAfter) {
        left.incrementAndGet();
      } else {
        broken.incrementAndGet();
        tokensOfBroken.addAndGet(answer.tokens());
      }
    }
  }

  /** Usage is settled a moment later; it is when it stands still and covers what was answered. */
  private Billed settled(Product product) {
    Billed last = new Billed(-1, -1);
    long until = System.nanoTime() + SETTLED_MOST.toNanos();
    while (true) {
      Matcher sum =
          SUM.matcher(product.run("usage", "--tenant", "hammer", "--by", "key", "--json"));
      Billed now =
          sum.find()
              ? new Billed(Long.parseLong(sum.group(1)), Long.parseLong(sum.group(4)))
              : new Billed(0, 0);
      if ((now.equals(last) && now.requests() >= complete.get()) || System.nanoTime() > until) {
        return now;
      }
      last = now;
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }
  }
}
