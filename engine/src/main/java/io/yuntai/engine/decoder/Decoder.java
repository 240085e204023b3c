package io.yuntai.engine.decoder;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.adapter.AdapterFile;
import java.util.Optional;

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

  /**
   * Most positions that layers with a window see, where blocks of these layers leave the cache and
   * are numbered apart; 0 where all blocks are kept whole.
   */
  default int windowTokens() {
    return 0;
  }

  /** Blocks of layers with a window, numbered from 0; 0 where all blocks are kept whole. */
  default int windowBlocks() {
    return 0;
  }

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

  /**
   * Memory that an adapter takes when it is loaded. For any thread.
   *
   * @throws ModelFormatException where it is no adapter for this model, naming what doesn't fit
   */
  default long adapterBytes(AdapterFile file) {
    throw new ModelFormatException(file.name() + ": this model takes no adapters");
  }

  /**
   * Loads an adapter for use in batches. For any thread, also while a batch is computed.
   *
   * @return the adapter; to be closed before the decoder
   * @throws ModelFormatException where it is damaged or no adapter for this model
   */
  default Adapter load(AdapterFile file) {
    throw new ModelFormatException(file.name() + ": this model takes no adapters");
  }

  /** The memory of its KV blocks, where a block tells all that later tokens need of its own. */
  default Optional<KvBlocks> kvBlocks() {
    return Optional.empty();
  }

  @Override
  void close();
}
