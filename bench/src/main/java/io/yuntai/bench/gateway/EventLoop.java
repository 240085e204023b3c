package io.yuntai.bench.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;

/** Sockets and moments, in one thread. */
final class EventLoop implements AutoCloseable {
  private final Selector selector;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>(1024);
  private long sequence;
  private boolean stopped;

  private record Timer(long atNanos, long order, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(atNanos - other.atNanos, 0);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** What a key has attached. */
  interface Ready {
    void ready(SelectionKey key) throws IOException;

    /** The socket is of no use any more. */
    void broken(IOException e);
  }

  EventLoop() throws IOException {
    selector = Selector.open();
  }

  Selector selector() {
    return selector;
  }

  void at(long nanos, Runnable task) {
    timers.add(new Timer(nanos, sequence++, task));
  }

  void stop() {
    stopped = true;
  }

  /** Runs until {@link #stop} is called by one of its own tasks. */
  void run() throws IOException {
    stopped = false;
    while (!stopped) {
      while (!timers.isEmpty() && timers.peek().atNanos() - System.nanoTime() <= 0) {
        timers.remove().task().run();
        if (stopped) {
          return;
        }
      }
      long wait = timers.isEmpty() ? 5_000_000 : timers.peek().atNanos() - System.nanoTime();
      // Whole milliseconds only: what is left of one is spent asking again.
      if (wait >= 1_000_000) {
        selector.select(this::dispatch, wait / 1_000_000);
      } else {
        selector.selectNow(this::dispatch);
      }
    }
  }

  private void dispatch(SelectionKey key) {
    if (key.attachment() instanceof Ready ready) {
      try {
        ready.ready(key);
      } catch (IOException e) {
        key.cancel();
        ready.broken(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
