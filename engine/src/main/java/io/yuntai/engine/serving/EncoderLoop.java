package io.yuntai.engine.serving;

import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.EncoderStatistics;
import io.yuntai.engine.Encoding;
import io.yuntai.engine.Encoding.Outcome;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.serving.EncoderQueue.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The step thread of an encoder: takes requests in, steps while there is work, sleeps while there
 * is none. It alone touches the encoder, and closes it when it ends. The lock is never held during
 * a step, so a submission does not wait for one.
 */
public final class EncoderLoop {
  private static final System.Logger LOG = System.getLogger("io.yuntai.engine");
  private static final int MAX_RETRY_SECONDS = 600;
  private static final double SMOOTHING = 0.1;

  private final Encoder encoder;
  private final QueueBounds bounds;
  private final long maxWaitingTokens;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final EncoderQueue queue = new EncoderQueue();

  /** Requests with a sequence in the step that is being computed; they may be in no queue. */
  private final Set<EncoderJob> inStep = new HashSet<>();

  private State state = State.SERVING;
  private String brokenBecause = "";
  private long stopNanos;
  private int requests;
  private long waitingTokens;
  private long sequences;
  private long tokens;
  private long steps;
  private double nanosPerToken;

  /**
   * Prepares the loop; {@link #start} starts its thread.
   *
   * @param encoder the model; owned from here on
   */
  public EncoderLoop(Encoder encoder, EncoderOptions options) {
    this.encoder = encoder;
    this.bounds = new QueueBounds(options.maxRequests(), options.maxRequestsPerNamespace());
    this.maxWaitingTokens = options.maxWaitingTokens();
    this.thread = Thread.ofPlatform().daemon().name("yuntai-encoder-step").unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /**
   * Queues a request.
   *
   * @param inputs checked against the model already; at least one
   * @param witness is told what was computed, by whoever ends the request
   * @throws EngineBusyException when too much waits already, in all or of this namespace
   * @throws IllegalStateException when the loop is stopping, has stopped, or is broken
   */
  public Encoding submit(String namespace, List<EncoderInput> inputs, WorkWitness witness)
      throws EngineBusyException {
    EncoderJob job = new EncoderJob(namespace, inputs, encoder.output().width(), witness);
    long jobTokens = job.waitingTokens();
    lock.lock();
    try {
      switch (state) {
        case SERVING -> {}
        case STOPPING, STOPPED ->
            throw new IllegalStateException("the engine is stopping and takes no new requests");
        case BROKEN -> throw new IllegalStateException(brokenBecause);
      }
      if (waitingTokens > 0 && waitingTokens + jobTokens > maxWaitingTokens) {
        throw new EngineBusyException(
            waitingTokens + " tokens are waiting already", retrySeconds());
      }
      Optional<String> full = bounds.enter(namespace, 0);
      if (full.isPresent()) {
        throw new EngineBusyException(full.get(), retrySeconds());
      }
      requests++;
      waitingTokens += jobTokens;
      queue.add(job);
      changed.signalAll();
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** When half of what waits will be done, at the speed of late. */
  private int retrySeconds() {
    double seconds = waitingTokens * nanosPerToken / 2 / TimeUnit.SECONDS.toNanos(1);
    return (int) Math.clamp(Math.ceil(seconds), 1, MAX_RETRY_SECONDS);
  }

  /** What the loop is doing and has done, as of its last step. */
  public EncoderStatistics statistics() {
    lock.lock();
    try {
      return new EncoderStatistics(state, requests, waitingTokens, sequences, tokens, steps);
    } finally {
      lock.unlock();
    }
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
      for (List<Piece> step = awaitStep(); !step.isEmpty(); step = awaitStep()) {
        compute(step);
      }
    } catch (Throwable e) { // Whatever it is, readers must be told.
      LOG.log(System.Logger.Level.ERROR, "the engine is broken", e);
      last = State.BROKEN;
      broken(e);
    } finally {
      end(last);
    }
  }

  private void broken(Throwable e) {
    lock.lock();
    try {
      brokenBecause =
          "the engine is broken and must be started anew: "
              + (e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something to compute; empty when it is time to end. */
  private List<Piece> awaitStep() {
    lock.lock();
    try {
      while (true) {
        dropCancelled();
        boolean graceIsOver = state == State.STOPPING && System.nanoTime() - stopNanos >= 0;
        if (graceIsOver || (state == State.STOPPING && queue.isEmpty())) {
          return List.of();
        }
        List<Piece> step = queue.take(encoder.maxBatchTokens());
        if (!step.isEmpty()) {
          inStep.clear();
          step.forEach(piece -> inStep.add(piece.job()));
          waitingTokens -= tokensOf(step);
          return step;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void dropCancelled() {
    for (EncoderJob job : queue.remove(EncoderJob::cancelled)) {
      waitingTokens -= job.waitingTokens();
      end(job, new Outcome.Cancelled());
    }
  }

  private void compute(List<Piece> step) {
    float[][] results = new float[step.size()][];
    List<EncoderInput> inputs = new ArrayList<>(step.size());
    for (int i = 0; i < results.length; i++) {
      results[i] = step.get(i).result();
      inputs.add(step.get(i).input());
    }
    long startNanos = System.nanoTime();
    encoder.encode(inputs, results);
    long nanos = System.nanoTime() - startNanos;
    lock.lock();
    try {
      long stepTokens = tokensOf(step);
      double measured = (double) nanos / stepTokens;
      nanosPerToken =
          nanosPerToken == 0 ? measured : nanosPerToken + SMOOTHING * (measured - nanosPerToken);
      sequences += step.size();
      tokens += stepTokens;
      steps++;
      for (Piece piece : step) {
        if (piece.job().computedOne(piece.input().tokens().length)) {
          end(piece.job(), new Outcome.Done(piece.job().results()));
        }
      }
      inStep.clear();
    } finally {
      lock.unlock();
    }
  }

  private static long tokensOf(List<Piece> step) {
    return step.stream().mapToLong(piece -> piece.input().tokens().length).sum();
  }

  /** Its place is free before its reader learns of the end and may want another. */
  private void end(EncoderJob job, Outcome outcome) {
    requests--;
    bounds.leave(job.namespace());
    job.end(outcome);
  }

  private void end(State last) {
    lock.lock();
    try {
      state = last;
      Outcome outcome =
          last == State.BROKEN ? new Outcome.Failed(brokenBecause) : new Outcome.Shutdown();
      inStep.addAll(queue.remove(_ -> true));
      inStep.forEach(job -> end(job, outcome));
      waitingTokens = 0;
    } finally {
      lock.unlock();
    }
    try {
      encoder.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "closing the encoder failed", e);
    }
  }
}
