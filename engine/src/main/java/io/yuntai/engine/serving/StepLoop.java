package io.yuntai.engine.serving;

import io.yuntai.engine.Adapters;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.FinishReason;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.prefix.KeptPrompt;
import io.yuntai.engine.prefix.KeptPrompts;
import io.yuntai.engine.speculation.Speculator;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The step thread: takes generations in, steps while there is work, sleeps while there is none.
 *
 * <p>It alone touches the {@link Stepper} and the decoder, and closes the decoder when it ends. The
 * lock guards only the inbox and the state, never a step, so a submission does not wait for one.
 */
public final class StepLoop {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");

  private final Decoder decoder;
  private final Adapters adapters;
  private final KeptPrompts keptPrompts;
  private final Stepper stepper;
  private final Speculator speculator;
  private final QueueBounds bounds;
  private final Turnover turnover = new Turnover();
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ActiveSequence> inbox = new ArrayDeque<>();
  private State state = State.SERVING;
  private String brokenBecause = "";
  private long stopNanos;
  private long nextId;

  private volatile EngineStatistics statistics;

  /**
   * Prepares the loop; {@link #start} starts its thread.
   *
   * @param decoder the model; owned from here on
   * @param adapters the decoder's; closed before it
   * @param tokenizer its vocabulary
   * @param options bounds
   * @param speculator who drafts; owned from here on
   * @param keptPrompts what outlives the process; stays the caller's
   */
  public StepLoop(
      Decoder decoder,
      Adapters adapters,
      Tokenizer tokenizer,
      EngineOptions options,
      Speculator speculator,
      KeptPrompts keptPrompts) {
    this.decoder = decoder;
    this.adapters = adapters;
    this.keptPrompts = keptPrompts;
    this.speculator = speculator;
    this.stepper = new Stepper(decoder, tokenizer, options, speculator, this::ended);
    int maxRunning = Stepper.limits(decoder, options).maxRunning();
    this.bounds =
        new QueueBounds(
            maxRunning + options.maxQueued(), maxRunning + options.maxQueuedPerNamespace());
    this.statistics = stepper.statistics(State.SERVING);
    this.thread = Thread.ofPlatform().daemon().name("yuntai-engine-step").unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /**
   * Queues a generation.
   *
   * @param request checked against the model already
   * @param maxTokens {@code request.maxTokens()}, lowered to what the context holds
   * @param adapter what answers it; let go when the generation ends, or by the caller where this
   *     throws
   * @throws EngineBusyException when all places in steps and queue are taken, or all that one
   *     namespace may have
   * @throws IllegalStateException when the loop is stopping, has stopped, or is broken
   */
  public Generation submit(GenerationRequest request, int maxTokens, Adapters.Lease adapter)
      throws EngineBusyException {
    enter(request.namespace());
    try {
      // Adapters come and go; only what the model itself computes outlives the process.
      KeptPrompt kept =
          request.adapter().isEmpty()
              ? keptPrompts.find(request.namespace(), request.prompt())
              : KeptPrompt.NONE;
      return queue(request, maxTokens, adapter, kept);
    } catch (RuntimeException | Error e) {
      bounds.leave(request.namespace());
      throw e;
    }
  }

  private void enter(String namespace) throws EngineBusyException {
    lock.lock();
    try {
      requireServing();
      Optional<String> full = bounds.enter(namespace, statistics.running());
      if (full.isPresent()) {
        throw new EngineBusyException(full.get(), turnover.secondsUntilAPlace(System.nanoTime()));
      }
    } finally {
      lock.unlock();
    }
  }

  private Generation queue(
      GenerationRequest request, int maxTokens, Adapters.Lease adapter, KeptPrompt kept) {
    lock.lock();
    try {
      requireServing();
      ActiveSequence sequence = new ActiveSequence(nextId++, request, maxTokens, adapter, kept);
      inbox.addLast(sequence);
      changed.signalAll();
      return sequence.mailbox();
    } catch (RuntimeException e) {
      kept.release();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void requireServing() {
    switch (state) {
      case SERVING -> {}
      case STOPPING, STOPPED ->
          throw new IllegalStateException("the engine is stopping and takes no new requests");
      case BROKEN -> throw new IllegalStateException(brokenBecause);
    }
  }

  /** What the loop is doing and has done, as of its last step. */
  public EngineStatistics statistics() {
    return statistics;
  }

  /**
   * Takes nothing new, lets what is there finish for at most {@code grace}, ends the rest, and
   * returns when the thread has ended. An interrupt ends the grace, and is kept.
   */
  public void stop(Duration grace) {
    GracefulStop.stop(thread, grace, this::beginStop);
  }

  private void beginStop(long untilNanos) {
    lock.lock();
    try {
      if (state == State.SERVING) {
        state = State.STOPPING;
        stopNanos = untilNanos;
      } else if (untilNanos - stopNanos < 0) {
        stopNanos = untilNanos;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    State last = State.STOPPED;
    try {
      while (awaitWork()) {
        long startNanos = System.nanoTime();
        stepper.step(startNanos);
        turnover.stepped(System.nanoTime() - startNanos, stepper.stepsUntilAPlace());
        publish();
      }
    } catch (Throwable e) { // Whatever it is, readers must be told.
      LOG.log(System.Logger.Level.ERROR, "the engine is broken", e);
      last = State.BROKEN;
      brokenBecause =
          "the engine is broken and must be started anew: "
              + (e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      end(last);
    }
  }

  /** Waits until there is something to step; false when it is time to end. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (true) {
        takeInbox();
        boolean graceIsOver = state == State.STOPPING && System.nanoTime() - stopNanos >= 0;
        if (graceIsOver) {
          return false;
        }
        if (stepper.hasWork()) {
          return true;
        }
        if (state == State.STOPPING) {
          return false;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(State last) {
    lock.lock();
    try {
      takeInbox();
      state = last;
    } finally {
      lock.unlock();
    }
    if (last == State.BROKEN) {
      stepper.failAll(brokenBecause);
    } else {
      stepper.endAll(FinishReason.SHUTDOWN);
    }
    try (speculator) {
      adapters.close();
      decoder.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "closing the decoder failed", e);
    }
    publish();
  }

  private void takeInbox() {
    while (!inbox.isEmpty()) {
      stepper.add(inbox.removeFirst());
    }
  }

  /**
   * Frees the sequence's place and shows it in the statistics before its reader learns of the end
   * and may want another place.
   */
  private void ended(ActiveSequence sequence) {
    sequence.adapter().close();
    turnover.sequenceEnded(System.nanoTime());
    publish();
    bounds.leave(sequence.namespace());
    tell(sequence);
  }

  /** A witness that fails must not stop the engine. */
  private static void tell(ActiveSequence sequence) {
    try {
      sequence.request().witness().ended(sequence.work());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "what was computed could not be told", e);
    }
  }

  private void publish() {
    lock.lock();
    try {
      statistics = stepper.statistics(state);
    } finally {
      lock.unlock();
    }
  }
}
