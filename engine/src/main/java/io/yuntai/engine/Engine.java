package io.yuntai.engine;

import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.time.Duration;

/** Runs generations on one model, many at once. Safe for use by many threads. */
public final class Engine implements AutoCloseable {
  private final Decoder decoder;

  private Engine(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Starts the step thread. The engine owns the decoder from here on and closes it at the end. */
  public static Engine start(Decoder decoder, Tokenizer tokenizer, EngineOptions options) {
    return new Engine(decoder);
  }

  /**
   * Queues a generation.
   *
   * @throws EngineBusyException when the queue is full
   * @throws PromptTooLongException when prompt and one token don't fit the context
   * @throws IllegalStateException when the engine is stopping
   */
  public Generation submit(GenerationRequest request) throws EngineBusyException {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Most tokens of prompt and answer together. */
  public int contextTokens() {
    return decoder.contextTokens();
  }

  /** What the engine is doing and has done; cheap, never waits for a step. */
  public EngineStatistics statistics() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Refuses new generations, lets the running ones finish for at most {@code grace}, then ends the
   * rest with {@link FinishReason#SHUTDOWN} and stops. Returns when the engine has stopped.
   */
  public void stop(Duration grace) {
    decoder.close();
  }

  /** {@link #stop} without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
