package io.yuntai.server.telemetry;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.texts.KeptText;
import io.yuntai.ledger.texts.KeptTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes texts of requests that have ended, of tenants that want them kept, on a thread of its own.
 * No request waits for it: what finds no room is left out and counted.
 */
public final class TextRecorder implements RequestSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TextRecorder.class);

  private static final int QUEUED = 1_000;
  private static final long QUEUED_CHARS = 32 << 20;
  private static final int BATCH = 50;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);

  private final KeptTexts texts;
  private final BlockingQueue<KeptText> queue = new ArrayBlockingQueue<>(QUEUED);
  private final AtomicLong queuedChars = new AtomicLong();
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  private volatile Set<Long> keeping = Set.of();
  private volatile boolean closing;
  private long lookedNanos = System.nanoTime() - LOOK_EVERY.toNanos();
  private long tidiedNanos = System.nanoTime() - TIDY_EVERY.toNanos();

  /** Tells the thread to end. */
  private static final KeptText END = new KeptText("end", 0, 0, Instant.EPOCH, "", false, "", "");

  private TextRecorder(KeptTexts texts) {
    this.texts = texts;
    this.thread = Thread.ofVirtual().name("kept-texts").unstarted(this::work);
  }

  /** Begins. Which tenants want it is known a moment later, and looked up every two seconds. */
  public static TextRecorder start(KeptTexts texts) {
    TextRecorder recorder = new TextRecorder(texts);
    recorder.thread.start();
    return recorder;
  }

  /** Whether an organisation wants its texts kept. */
  public boolean keepsTextsOf(long orgId) {
    return keeping.contains(orgId);
  }

  /** Texts that should have been kept and are not. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void ended(RequestTimeline request) {
    request
        .text()
        .ifPresent(text -> text.toKept(request).ifPresentOrElse(this::offer, dropped::increment));
  }

  private void offer(KeptText text) {
    long chars = chars(text);
    if (queuedChars.addAndGet(chars) > QUEUED_CHARS || !queue.offer(text)) {
      queuedChars.addAndGet(-chars);
      dropped.increment();
    }
  }

  private static long chars(KeptText text) {
    return text.asked().length() + (long) text.answered().length();
  }

  private void work() {
    List<KeptText> batch = new ArrayList<>(BATCH);
    while (!closing || !queue.isEmpty()) {
      try {
        look();
        KeptText first = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
          batch.remove(END);
          batch.forEach(text -> queuedChars.addAndGet(-chars(text)));
          texts.write(batch);
        }
      } catch (InterruptedException _) {
        return; // closed, and the database did not answer in time
      } catch (RuntimeException e) {
        dropped.add(batch.size());
        LOG.warn("{} texts of requests are not kept: {}", batch.size(), e.getMessage());
      }
      batch.clear();
    }
  }

  /** A database that does not answer leaves what was known. */
  private void look() {
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_EVERY.toNanos()) {
      return;
    }
    lookedNanos = now;
    try {
      keeping = texts.keeping();
      if (now - tidiedNanos > TIDY_EVERY.toNanos()) {
        tidiedNanos = now;
        long deleted = texts.deleteOld();
        LOG.debug("{} texts of requests were too old and are gone", deleted);
      }
    } catch (DatabaseException e) {
      LOG.debug("nobody knows now whose texts are kept", e);
    }
  }

  /** Writes what waits, for some seconds at most. */
  @Override
  public void close() {
    closing = true;
    boolean full = !queue.offer(END); // then it is awake
    LOG.debug("texts are kept no longer{}", full ? ", with a full queue" : "");
    ThreadEnd.await(thread);
  }
}
