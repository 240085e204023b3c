package io.yuntai.engine.decoder;

/**
 * A model with its weights and its KV pool, ready to step. For one thread at a time (it has workers
 * of its own).
 *
 * <p>Logits of a token depend on the sequence's tokens up to it and on nothing else: not on what
 * else is in the batch, on how the prompt was cut into chunks, or on the number of threads.
 */
public interface Decoder extends AutoCloseable {
  /** Length of a row of logits. */
  int vocabularySize();

  /** Most tokens in one sequence. */
  int contextTokens();

  /** Positions in one KV block. */
  int blockTokens();

  /** KV blocks in the pool, numbered from 0. */
  int blocks();

  /** Most tokens in one batch. */
  int maxBatchTokens();

  /**
   * Runs one forward pass.
   *
   * @param batch the tokens, at most {@link #maxBatchTokens()}
   * @param logits receives row {@code i} for {@code batch.logitRows()[i]}, each {@link
   *     #vocabularySize()} long
   */
  void forward(Batch batch, float[][] logits);

  @Override
  void close();
}
