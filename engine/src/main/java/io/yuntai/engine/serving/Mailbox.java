package io.yuntai.engine.serving;

import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The way back to the reader of one generation. Has room for all events that there can be, so that
 * {@link #put} never waits.
 */
final class Mailbox implements Generation {
  private final BlockingQueue<GenerationEvent> events;
  private volatile boolean cancelled;
  private volatile int promptTokensReady;
  private final long madeNanos = System.nanoTime();
  private volatile long waitedNanos = -1;
  private boolean ended;

  /**
   * @param maxTokens most tokens of the generation
   */
  Mailbox(int maxTokens) {
    events = new LinkedBlockingQueue<>(maxTokens + 1);
  }

  /** For the step thread. */
  void put(GenerationEvent event) {
    events.add(event);
  }

  /** For the step thread: how far the prompt has come. */
  void promptTokensReady(int tokens) {
    promptTokensReady = tokens;
  }

  @Override
  public int promptTokensReady() {
    return promptTokensReady;
  }

  /** For the step thread: it has a place for the first time. */
  void placed() {
    waitedNanos = Math.max(0, System.nanoTime() - madeNanos);
  }

  @Override
  public long waitedNanos() {
    return waitedNanos;
  }

  /** For the step thread: whether the caller wants no more. */
  boolean cancelled() {
    return cancelled;
  }

  @Override
  public GenerationEvent next() throws InterruptedException {
    if (ended) {
      throw new IllegalStateException("the generation has ended; there is no further event");
    }
    GenerationEvent event = events.take();
    ended =
        switch (event) {
          case GenerationEvent.Token _ -> false;
          case GenerationEvent.Finished _, GenerationEvent.Failed _ -> true;
        };
    return event;
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
