package io.yuntai.engine;

import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.prefix.KeptPrompts;
import io.yuntai.engine.serving.StepLoop;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.speculation.Speculator;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.time.Duration;

/** Runs generations on one model, many at once. Safe for use by many threads. */
public final class Engine implements AutoCloseable {
  private final StepLoop loop;
  private final Adapters adapters;
  private final int contextTokens;
  private final int vocabularySize;
  private final int tokenizerSize;

  private Engine(
      StepLoop loop, Adapters adapters, int contextTokens, int vocabularySize, int tokenizerSize) {
    this.loop = loop;
    this.adapters = adapters;
    this.contextTokens = contextTokens;
    this.vocabularySize = vocabularySize;
    this.tokenizerSize = tokenizerSize;
  }

  /** Starts the step thread. The engine owns the decoder from here on and closes it at the end. */
  public static Engine start(Decoder decoder, Tokenizer tokenizer, EngineOptions options) {
    return start(decoder, tokenizer, options, Speculation.standard());
  }

  /**
   * Starts the step thread with a choice of drafts.
   *
   * @throws ModelFormatException when a draft model has another vocabulary; the engine then owns
   *     nothing
   */
  public static Engine start(
      Decoder decoder, Tokenizer tokenizer, EngineOptions options, Speculation speculation) {
    return start(decoder, tokenizer, options, speculation, KeptPrompts.NONE);
  }

  /**
   * Starts the step thread with a choice of drafts, and with prompts that outlive the engine.
   *
   * @param keptPrompts stays the caller's
   * @throws ModelFormatException when a draft model has another vocabulary; the engine then owns
   *     nothing
   */
  public static Engine start(
      Decoder decoder,
      Tokenizer tokenizer,
      EngineOptions options,
      Speculation speculation,
      KeptPrompts keptPrompts) {
    Speculator speculator =
        new Speculator(speculation.drafter(tokenizer, System::nanoTime), System::nanoTime);
    Adapters adapters = new Adapters(decoder, options.adapters());
    StepLoop loop = new StepLoop(decoder, adapters, tokenizer, options, speculator, keptPrompts);
    long poolTokens = (long) decoder.blocks() * decoder.blockTokens();
    Engine engine =
        new Engine(
            loop,
            adapters,
            (int) Math.min(decoder.contextTokens(), poolTokens),
            Math.min(decoder.vocabularySize(), tokenizer.vocabularySize()),
            tokenizer.vocabularySize());
    loop.start();
    return engine;
  }

  /**
   * Queues a generation.
   *
   * @throws EngineBusyException when the queue is full
   * @throws PromptTooLongException when prompt and one token don't fit the context
   * @throws IllegalArgumentException when the prompt or the logit bias names a token that the
   *     vocabulary does not have, or the grammar is for another vocabulary
   * @throws UnknownAdapterException when the adapter is not loaded
   * @throws IllegalStateException when the engine is stopping, or broken by a failure of its
   *     decoder
   */
  public Generation submit(GenerationRequest request) throws EngineBusyException {
    int promptTokens = request.prompt().length;
    if (promptTokens >= contextTokens) {
      throw new PromptTooLongException(promptTokens, contextTokens);
    }
    for (int id : request.prompt()) {
      requireToken("the prompt", id);
    }
    for (int id : request.sampling().logitBias().keySet()) {
      requireToken("logit_bias", id);
    }
    TokenState grammar = request.grammar();
    if (grammar != null && grammar.vocabularySize() != tokenizerSize) {
      throw new IllegalArgumentException(
          "the grammar is for a vocabulary of %,d tokens, but the model has %,d"
              .formatted(grammar.vocabularySize(), tokenizerSize));
    }
    int maxTokens = Math.min(request.maxTokens(), contextTokens - promptTokens);
    Adapters.Lease lease = adapters.lease(request.adapter());
    boolean submitted = false;
    try {
      Generation generation = loop.submit(request, maxTokens, lease);
      submitted = true;
      return generation;
    } finally {
      if (!submitted) {
        lease.close();
      }
    }
  }

  /** The adapters that requests may ask for. */
  public Adapters adapters() {
    return adapters;
  }

  private void requireToken(String where, int id) {
    if (id < 0 || id >= vocabularySize) {
      throw new IllegalArgumentException(
          "%s names token %d, but the model's tokens run from 0 to %d"
              .formatted(where, id, vocabularySize - 1));
    }
  }

  /**
   * Most tokens of prompt and answer together: the model's context, or the whole KV pool where that
   * is smaller, so that every generation can run to its end.
   */
  public int contextTokens() {
    return contextTokens;
  }

  /** What the engine is doing and has done; cheap, never waits for a step. */
  public EngineStatistics statistics() {
    return loop.statistics();
  }

  /**
   * Refuses new generations, lets the accepted ones finish for at most {@code grace}, then ends the
   * rest with {@link FinishReason#SHUTDOWN} and stops. Returns when the engine has stopped.
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
