package io.yuntai.server.shelf;

import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.models.catalog.InvalidReferenceException;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.models.pull.PullException;
import io.yuntai.models.pull.PullListener;
import io.yuntai.models.store.StoreException;
import io.yuntai.server.shelf.PullState.Phase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls that go on without whoever asked for them. At most {@value #AT_ONCE} at a time; the last
 * {@value #KEPT} are remembered while the server runs. Safe for use by many threads.
 */
public final class Pulls implements AutoCloseable {
  static final int AT_ONCE = 3;
  static final int KEPT = 50;
  private static final int LOG_LINES = 60;
  private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

  /** Fetches one model. */
  @FunctionalInterface
  public interface Work {
    /** Does it; interrupted, it keeps what it has for the next time. */
    void pull(ModelReference reference, PullListener listener) throws InterruptedException;
  }

  private static final class Entry {
    private PullState state;
    private final Deque<PullState.Line> log = new ArrayDeque<>();
    private final Thread thread;

    Entry(PullState state, Thread thread) {
      this.state = state;
      this.thread = thread;
    }
  }

  private final Work work;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long asked;
  private boolean closed;

  /** With this way to fetch. */
  public Pulls(Work work, InstantSource clock) {
    this.work = work;
    this.clock = clock;
  }

  /**
   * Begins to pull a model, or returns the pull of it that is under way.
   *
   * @throws RefusedException for what names no model, or when too many are under way
   */
  public synchronized PullState start(String model) {
    ModelReference reference = reference(model);
    for (Entry entry : entries.values()) {
      if (entry.state.model().equals(reference.text()) && !entry.state.phase().ended()) {
        return entry.state;
      }
    }
    long running = entries.values().stream().filter(one -> !one.state.phase().ended()).count();
    if (closed || running >= AT_ONCE) {
      throw new RefusedException(
          Reason.CONFLICT,
          "model",
          "%d models are being pulled already: wait for one of them, or cancel it."
              .formatted(running));
    }
    String id = Long.toString(++asked);
    PullState state =
        new PullState(
            id,
            reference.text(),
            Phase.WAITING,
            clock.instant(),
            clock.instant(),
            Optional.empty(),
            "",
            "",
            List.of());
    Thread thread = Thread.ofVirtual().name("pull-" + id).unstarted(() -> run(id, reference));
    entries.put(id, new Entry(state, thread));
    forget();
    thread.start();
    return state;
  }

  /** Pages name models of the catalogue and of hubs; a server's files are nobody's but its own. */
  private static ModelReference reference(String model) {
    try {
      ModelReference reference = ModelReference.parse(model.strip());
      if (reference instanceof ModelReference.LocalFile
          || reference instanceof ModelReference.Quantized) {
        throw RefusedException.invalid(
            "model", "Name a model of the catalogue, or a file such as hf://org/repo/file.gguf.");
      }
      return reference;
    } catch (InvalidReferenceException e) {
      throw RefusedException.invalid("model", String.valueOf(e.getMessage()));
    }
  }

  private void forget() {
    List<String> ended = new ArrayList<>();
    entries.forEach((id, entry) -> {
      if (entry.state.phase().ended()) {
        ended.add(id);
      }
    });
    for (int i = 0; i < ended.size() && entries.size() > KEPT; i++) {
      entries.remove(ended.get(i));
    }
  }

  private void run(String id, ModelReference reference) {
    try {
      work.pull(reference, event -> heard(id, event));
      become(id, Phase.DONE, "");
    } catch (InterruptedException cancelled) {
      become(id, Phase.CANCELLED, "");
    } catch (PullException | StoreException e) {
      become(id, Phase.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("pulling {} failed", reference.text(), e);
      become(id, Phase.FAILED, "It failed unexpectedly: " + e);
    }
  }

  private synchronized void become(String id, Phase phase, String problem) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return;
    }
    PullState was = entry.state;
    if (!problem.isEmpty()) {
      note(entry, problem);
    }
    entry.state =
        new PullState(
            id,
            was.model(),
            phase,
            clock.instant(),
            was.begun(),
            was.progress(),
            was.source(),
            problem,
            List.copyOf(entry.log));
    notifyAll();
  }

  private synchronized void heard(String id, PullEvent event) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return;
    }
    PullState was = entry.state;
    Phase phase = was.phase();
    String source = was.source();
    Optional<PullEvent.Progress> progress = was.progress();
    switch (event) {
      case PullEvent.Waiting(String holder) -> note(entry, "waits for " + holder);
      case PullEvent.Trying(String tried) -> {
        source = tried;
        note(entry, "tries " + tried);
      }
      case PullEvent.Note(String message) -> note(entry, message);
      case PullEvent.SourceFailed(String failed, String reason) ->
          note(entry, failed + ": " + reason);
      case PullEvent.Progress moved -> {
        progress = Optional.of(moved);
        phase =
            switch (moved.phase()) {
              case DOWNLOAD -> Phase.DOWNLOADING;
              case VERIFY -> Phase.VERIFYING;
              case CONVERT -> Phase.CONVERTING;
            };
      }
      case PullEvent.Done(String sha256, boolean pinned) ->
          note(entry, "sha256 " + sha256 + (pinned ? ", as the catalogue says" : ""));
    }
    entry.state =
        new PullState(
            id,
            was.model(),
            phase,
            phase == was.phase() ? was.since() : clock.instant(),
            was.begun(),
            progress,
            source,
            "",
            List.copyOf(entry.log));
    notifyAll();
  }

  private void note(Entry entry, String text) {
    for (String line : text.lines().toList()) {
      entry.log.addLast(new PullState.Line(clock.instant(), line));
    }
    while (entry.log.size() > LOG_LINES) {
      entry.log.removeFirst();
    }
  }

  /** All that are remembered, the latest first. */
  public synchronized List<PullState> list() {
    return entries.values().stream().map(entry -> entry.state).toList().reversed();
  }

  /** The one of this id. */
  public synchronized Optional<PullState> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(entry -> entry.state);
  }

  /**
   * Ends a pull; what was fetched is kept.
   *
   * @throws RefusedException when there is none of this id
   */
  public void cancel(String id) {
    Thread thread;
    synchronized (this) {
      Entry entry = entries.get(id);
      if (entry == null) {
        throw RefusedException.notFound("pull", id);
      }
      thread = entry.thread;
    }
    thread.interrupt();
  }

  /** Ends all; waits for them some seconds. */
  @Override
  public void close() {
    List<Thread> threads;
    synchronized (this) {
      closed = true;
      threads = entries.values().stream().map(entry -> entry.thread).toList();
    }
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(Duration.ofSeconds(5))) {
          LOG.warn("{} does not end", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
