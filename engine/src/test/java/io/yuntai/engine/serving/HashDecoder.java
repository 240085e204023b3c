package io.yuntai.engine.serving;

import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.KvBlocks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A decoder whose logits are a hash of the sequence's tokens as it reads them back from the KV
 * blocks it was told to store them in. Checks everything that {@link Decoder} and {@link Batch}
 * demand of their caller.
 */
final class HashDecoder implements Decoder {
  /** A token that no tokenizer knows; after it, no logit is a number. */
  static final int POISON = LetterTokenizer.SIZE;

  private final int vocabularySize;
  private final int contextTokens;
  private final int blockTokens;
  private final int maxBatchTokens;
  private final int[][] tokens;
  private final int[][] positions;
  private final Consumer<Batch> beforeStep;
  private final AtomicReference<Thread> caller = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * @param beforeStep called with each batch first; may wait, or throw what the step shall throw
   */
  HashDecoder(
      int vocabularySize,
      int contextTokens,
      int blockTokens,
      int blocks,
      int maxBatchTokens,
      Consumer<Batch> beforeStep) {
    this.vocabularySize = vocabularySize;
    this.contextTokens = contextTokens;
    this.blockTokens = blockTokens;
    this.maxBatchTokens = maxBatchTokens;
    this.beforeStep = beforeStep;
    tokens = new int[blocks][blockTokens];
    positions = new int[blocks][blockTokens];
    for (int[] block : positions) {
      Arrays.fill(block, -1);
    }
  }

  /** The logit of a token after a sequence with this hash: -8 to 8. */
  static float logit(long hash, int token) {
    return (float) ((mix(hash + token) >>> 40) * 0x1p-20 - 8);
  }

  /** The hash of a sequence, one token at a time, from 0 on. */
  static long extend(long hash, int token) {
    return mix(hash * 31 + token + 1);
  }

  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public void forward(Batch batch, float[][] logits) {
    caller.compareAndSet(null, Thread.currentThread());
    require(caller.get() == Thread.currentThread(), "one thread steps the decoder");
    require(!closed, "a closed decoder is not stepped");
    beforeStep.accept(batch);
    int size = batch.tokens().length;
    require(size >= 1 && size <= maxBatchTokens, "batch size " + size);
    require(batch.positions().length == size && batch.sequences().length == size, "equal lengths");
    requireOwnBlocksWritten(batch);
    for (int i = 0; i < size; i++) {
      store(batch, i);
    }
    int previous = -1;
    for (int row = 0; row < batch.logitRows().length; row++) {
      int i = batch.logitRows()[row];
      require(i > previous && i < size, "logit rows ascend");
      previous = i;
      long hash = hashOf(batch.blockTables()[batch.sequences()[i]], batch.positions()[i]);
      for (int token = 0; token < vocabularySize; token++) {
        logits[row][token] = batch.tokens()[i] == POISON ? Float.NaN : logit(hash, token);
      }
    }
  }

  private void requireOwnBlocksWritten(Batch batch) {
    Set<Integer> written = new HashSet<>();
    for (int i = 0; i < batch.tokens().length; i++) {
      int[] table = batch.blockTables()[batch.sequences()[i]];
      written.add(table[batch.positions()[i] / blockTokens]);
    }
    for (int block : written) {
      long holders =
          Arrays.stream(batch.blockTables())
              .filter(table -> Arrays.stream(table).anyMatch(held -> held == block))
              .count();
      require(holders == 1, "block " + block + " is written by the one sequence that has it");
    }
  }

  private void store(Batch batch, int i) {
    int position = batch.positions()[i];
    int[] table = batch.blockTables()[batch.sequences()[i]];
    require(position < contextTokens, "position " + position + " is in the context");
    if (position > 0) {
      int before = table[(position - 1) / blockTokens];
      require(
          positions[before][(position - 1) % blockTokens] == position - 1,
          "position " + (position - 1) + " is stored before the next");
    }
    int block = table[position / blockTokens];
    tokens[block][position % blockTokens] = batch.tokens()[i];
    positions[block][position % blockTokens] = position;
  }

  private long hashOf(int[] table, int last) {
    long hash = 0;
    for (int position = 0; position <= last; position++) {
      int block = table[position / blockTokens];
      require(
          positions[block][position % blockTokens] == position,
          "block " + block + " holds position " + position);
      hash = extend(hash, tokens[block][position % blockTokens]);
    }
    return hash;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("the decoder's caller broke a rule: " + rule);
    }
  }

  @Override
  public Optional<KvBlocks> kvBlocks() {
    return Optional.of(
        new KvBlocks() {
          @Override
          public long blockBytes() {
            return 2L * blockTokens * Integer.BYTES;
          }

          @Override
          public String layout() {
            return "tokens and positions of " + blockTokens;
          }

          @Override
          public void read(int block, MemorySegment to) {
            for (int i = 0; i < blockTokens; i++) {
              to.setAtIndex(ValueLayout.JAVA_INT, i, tokens[block][i]);
              to.setAtIndex(ValueLayout.JAVA_INT, blockTokens + i, positions[block][i]);
            }
          }

          @Override
          public void write(int block, MemorySegment from) {
            for (int i = 0; i < blockTokens; i++) {
              tokens[block][i] = from.getAtIndex(ValueLayout.JAVA_INT, i);
              positions[block][i] = from.getAtIndex(ValueLayout.JAVA_INT, blockTokens + i);
            }
          }
        });
  }

  boolean closed() {
    return closed;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int contextTokens() {
    return contextTokens;
  }

  @Override
  public int blockTokens() {
    return blockTokens;
  }

  @Override
  public int blocks() {
    return tokens.length;
  }

  @Override
  public int maxBatchTokens() {
    return maxBatchTokens;
  }

  @Override
  public void close() {
    closed = true;
  }
}
