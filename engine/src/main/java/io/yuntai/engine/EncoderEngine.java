package io.yuntai.engine;

import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.encoder.EncoderOutput;
import io.yuntai.engine.serving.EncoderLoop;
import java.time.Duration;
import java.util.List;

/**
 * Runs many requests on one encoder, their sequences together in steps. Safe for use by many
 * threads.
 */
public final class EncoderEngine implements AutoCloseable {
  /**
   * Tokens of a step, unless one sequence is longer: enough for products at full speed, few enough
   * that whoever comes next does not wait long.
   */
  public static final int STEP_TOKENS = 512;

  private final EncoderLoop loop;
  private final int contextTokens;
  private final int vocabularySize;
  private final EncoderOutput output;

  private EncoderEngine(Encoder encoder, EncoderOptions options) {
    loop = new EncoderLoop(encoder, options);
    contextTokens = encoder.contextTokens();
    vocabularySize = encoder.vocabularySize();
    output = encoder.output();
  }

  /** Starts the step thread. The engine owns the encoder from here on and closes it at the end. */
  public static EncoderEngine start(Encoder encoder, EncoderOptions options) {
    EncoderEngine engine = new EncoderEngine(encoder, options);
    engine.loop.start();
    return engine;
  }

  /**
   * Queues a request.
   *
   * @param namespace whose it is; namespaces take turns, and in each its requests
   * @param inputs at least one sequence
   * @throws EngineBusyException when the queue is full
   * @throws PromptTooLongException when a sequence doesn't fit the context
   * @throws IllegalArgumentException when one names a token that the vocabulary does not have
   * @throws IllegalStateException when the engine is stopping, or broken
   */
  public Encoding submit(String namespace, List<EncoderInput> inputs) throws EngineBusyException {
    return submit(namespace, inputs, WorkWitness.NONE);
  }

  /** {@link #submit(String, List)} with somebody who is told what was computed. */
  public Encoding submit(String namespace, List<EncoderInput> inputs, WorkWitness witness)
      throws EngineBusyException {
    for (EncoderInput input : inputs) {
      if (input.tokens().length > contextTokens) {
        throw new PromptTooLongException(input.tokens().length, contextTokens);
      }
      for (int id : input.tokens()) {
        if (id < 0 || id >= vocabularySize) {
          throw new IllegalArgumentException(
              "the input names token %d, but the model's tokens run from 0 to %d"
                  .formatted(id, vocabularySize - 1));
        }
      }
    }
    return loop.submit(namespace, inputs, witness);
  }

  /** Most tokens of one sequence. */
  public int contextTokens() {
    return contextTokens;
  }

  /** What its results are. */
  public EncoderOutput output() {
    return output;
  }

  /** What the engine is doing and has done; cheap, never waits for a step. */
  public EncoderStatistics statistics() {
    return loop.statistics();
  }

  /**
   * Refuses new requests, lets the accepted ones finish for at most {@code grace}, ends the rest
   * and stops. Returns when the engine has stopped.
   */
  public void stop(Duration grace) {
    loop.stop(grace);
  }

  /** {@link #stop} without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
