package io.yuntai.server.telemetry;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes requests into the log after they have ended, many at once, on a thread of its own. While
 * the database does not take them they wait in a queue, and those that find it full are left out
 * and counted: no request waits for its row.
 */
public final class RequestRecorder implements RequestSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRecorder.class);

  private static final int QUEUED = 20_000;
  private static final int BATCH = 500;
  private static final Duration COLLECTING = Duration.ofMillis(500);
  private static final int ATTEMPTS = 60;
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);

  /** Whoever has no key must not fill the disk. */
  private static final int MOST_OF_NOBODY = 600;

  private static final Duration NOBODYS_WINDOW = Duration.ofMinutes(1);

  /** Tells the thread to end. */
  private static final LoggedRequest END =
      new LoggedRequest(
          "end",
          Instant.EPOCH,
          LoggedRequest.Asker.NOBODY,
          new LoggedRequest.Asked("", "", "", false, ""),
          LoggedRequest.Served.NONE,
          new LoggedRequest.Stages(0, 0, 0, 0, 0, 0, 0, 0, 0),
          MeteredTokens.NONE,
          new LoggedRequest.Outcome(0, "", ""),
          LoggedRequest.Cost.NONE);

  private final RequestLog log;
  private final Duration keep;
  private final BlockingQueue<LoggedRequest> queue = new ArrayBlockingQueue<>(QUEUED);
  private final LongAdder written = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final AtomicLong nobodysWindow = new AtomicLong(System.nanoTime());
  private final AtomicLong ofNobody = new AtomicLong();
  private final Thread thread;
  private final CountDownLatch ending = new CountDownLatch(1);
  private long tidiedNanos = System.nanoTime() - TIDY_EVERY.toNanos();

  private RequestRecorder(RequestLog log, Duration keep) {
    this.log = log;
    this.keep = keep;
    this.thread = Thread.ofPlatform().daemon().name("request-log").unstarted(this::work);
  }

  /**
   * Begins.
   *
   * @param keep how long rows stay
   */
  public static RequestRecorder start(RequestLog log, Duration keep) {
    RequestRecorder recorder = new RequestRecorder(log, keep);
    recorder.thread.start();
    return recorder;
  }

  /** Rows written since the start. */
  public long written() {
    return written.sum();
  }

  /** Requests that found no room, or were nobody's and too many. */
  public long dropped() {
    return dropped.sum();
  }

  /** Rows that wait. */
  public int waiting() {
    return queue.size();
  }

  @Override
  public void ended(RequestTimeline request) {
    if (!request.isForModel()) {
      return;
    }
    LoggedRequest row = LoggedRequests.of(request);
    if ((row.asker().orgId() == 0 && tooManyOfNobody()) || !queue.offer(row)) {
      dropped.increment();
    }
  }

  private boolean tooManyOfNobody() {
    long now = System.nanoTime();
    long begun = nobodysWindow.get();
    if (now - begun > NOBODYS_WINDOW.toNanos() && nobodysWindow.compareAndSet(begun, now)) {
      ofNobody.set(0);
    }
    return ofNobody.incrementAndGet() > MOST_OF_NOBODY;
  }

  private void work() {
    List<LoggedRequest> batch = new ArrayList<>(BATCH);
    while (ending.getCount() > 0 || !queue.isEmpty()) {
      try {
        LoggedRequest first = queue.poll(10, TimeUnit.SECONDS);
        if (first != null) {
          batch.add(first);
          collect();
          queue.drainTo(batch, BATCH - 1);
          batch.removeIf(row -> row.requestId().equals(END.requestId()));
          write(batch);
          batch.clear();
        }
        tidy();
      } catch (InterruptedException _) {
        return; // closed, and the database did not answer in time
      } catch (RuntimeException e) {
        dropped.add(batch.size());
        batch.clear();
        LOG.error("the log of requests broke off", e);
      }
    }
  }

  /**
   * Rows that come soon after the first go with it: a transaction each would cost more than they.
   */
  private void collect() throws InterruptedException {
    if (queue.size() < BATCH && ending.await(COLLECTING.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.debug("the last rows of the log of requests are not waited for");
    }
  }

  private void write(List<LoggedRequest> batch) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        log.write(batch);
        written.add(batch.size());
        return;
      } catch (DatabaseException e) {
        if (attempt == 1) {
          LOG.warn("requests can't be logged and will be tried again: {}", e.getMessage());
        }
        if (attempt == ATTEMPTS) {
          dropped.add(batch.size());
          LOG.error("{} requests are left out of their log: {}", batch.size(), e.getMessage());
          return;
        }
        Thread.sleep(AGAIN);
      }
    }
  }

  private void tidy() {
    long now = System.nanoTime();
    if (now - tidiedNanos < TIDY_EVERY.toNanos()) {
      return;
    }
    tidiedNanos = now;
    try {
      long deleted = log.deleteBefore(Instant.now().minus(keep));
      if (deleted > 0) {
        LOG.info("{} rows of the log of requests were older than {} and are gone", deleted, keep);
      }
    } catch (DatabaseException e) {
      LOG.warn("old rows of the log of requests stay for now: {}", e.getMessage());
    }
  }

  /** Writes what waits, for some seconds at most. */
  @Override
  public void close() {
    ending.countDown();
    boolean full = !queue.offer(END); // then it is awake
    LOG.debug("the log of requests ends{}", full ? ", with a full queue" : "");
    ThreadEnd.await(thread);
  }
}
