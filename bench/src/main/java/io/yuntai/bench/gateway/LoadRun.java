package io.yuntai.bench.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Requests at a rate for a while, and how long they took. */
final class LoadRun {
  private static final long DRAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final EventLoop loop;
  private final LoadClient client;
  private final double perSecond;
  private final int count;
  private final long[] totals;
  private final long[] firsts;
  private final Map<String, Integer> errors = new TreeMap<>();
  private int sent;
  private int done;
  private int open;
  private int mostOpen;

  /**
   * Latencies from the moment a request was due, in milliseconds.
   *
   * @param good how many answers were whole
   * @param errors what went wrong, and how often
   * @param mostOpen most requests at once
   */
  record Result(
      int good,
      Map<String, Integer> errors,
      int mostOpen,
      double p50,
      double p99,
      double max,
      double firstP50,
      double firstP99) {}

  private LoadRun(EventLoop loop, LoadClient client, double perSecond, int count) {
    this.loop = loop;
    this.client = client;
    this.perSecond = perSecond;
    this.count = count;
    this.totals = new long[count];
    this.firsts = new long[count];
  }

  /** Runs; returns when every request has been answered or has been waited for in vain. */
  static Result run(EventLoop loop, LoadClient client, double perSecond, double seconds)
      throws IOException {
    int count = (int) Math.round(perSecond * seconds);
    LoadRun run = new LoadRun(loop, client, perSecond, count);
    long start = System.nanoTime() + 20_000_000;
    loop.at(start, () -> run.send(start));
    long end = start + (long) (seconds * 1e9) + DRAIN_NANOS;
    boolean[] over = new boolean[1];
    loop.at(
        end,
        () -> {
          if (!over[0]) {
            loop.stop();
          }
        });
    loop.run();
    over[0] = true;
    return run.result();
  }

  /**
   * How many requests a second are answered whole, when there are always so many under way.
   *
   * @param seconds how long new ones are sent
   */
  static double most(EventLoop loop, LoadClient client, int atOnce, double seconds)
      throws IOException {
    long until = System.nanoTime() + (long) (seconds * 1e9);
    Closed closed = new Closed(loop, client, until, atOnce);
    for (int i = 0; i < atOnce; i++) {
      loop.at(System.nanoTime(), closed::send);
    }
    loop.at(until + DRAIN_NANOS, closed::giveUp);
    loop.run();
    return closed.good / seconds;
  }

  /** Each answer is followed by the next request. */
  private static final class Closed {
    private final EventLoop loop;
    private final LoadClient client;
    private final long until;
    private int open;
    private int good;

    Closed(EventLoop loop, LoadClient client, long until, int open) {
      this.loop = loop;
      this.client = client;
      this.until = until;
      this.open = open;
    }

    void send() {
      client.send(System.nanoTime(), this::done);
    }

    private void done(long due, long first, long end, String error) {
      if (end < until) {
        good += error.isEmpty() ? 1 : 0;
        loop.at(end, this::send); // when the connection of this one is idle again
      } else if (--open == 0) {
        loop.stop();
      }
    }

    void giveUp() {
      if (open > 0) {
        loop.stop();
      }
    }
  }

  private void send(long start) {
    long due = start + (long) (sent * 1e9 / perSecond);
    sent++;
    open++;
    mostOpen = Math.max(mostOpen, open);
    client.send(due, this::done);
    if (sent < count) {
      long next = start + (long) (sent * 1e9 / perSecond);
      loop.at(next, () -> send(start));
    }
  }

  private void done(long due, long first, long end, String error) {
    open--;
    if (error.isEmpty()) {
      totals[done] = end - due;
      firsts[done] = first - due;
      done++;
    } else {
      errors.merge(error, 1, Integer::sum);
    }
    if (sent == count && open == 0) {
      loop.stop();
    }
  }

  private Result result() {
    if (open > 0) {
      errors.merge("no answer", open, Integer::sum);
    }
    long[] total = Arrays.copyOf(totals, done);
    long[] first = Arrays.copyOf(firsts, done);
    Arrays.sort(total);
    Arrays.sort(first);
    return new Result(
        done,
        errors,
        mostOpen,
        quantile(total, 0.5),
        quantile(total, 0.99),
        quantile(total, 1),
        quantile(first, 0.5),
        quantile(first, 0.99));
  }

  private static double quantile(long[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (q * sorted.length))] / 1e6;
  }
}
