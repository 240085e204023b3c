package io.yuntai.engine.speculation;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Drafts by a smaller model of the same vocabulary, which decodes greedily ahead of the large one.
 * Has KV blocks of its own; a sequence for which none is left goes without drafts.
 */
public final class DraftModel implements Drafter {
  private final Decoder decoder;
  private final int vocabularySize;
  private final LongSupplier nanoTime;
  private final StepCosts costs = new StepCosts();
  private final float[] logits;
  private final int[] freeBlocks;
  private int freeCount;

  /**
   * @param decoder the small model; owned from here on
   * @param vocabularySize tokens from 0 on that the large model knows
   * @param nanoTime {@link System#nanoTime()}, or a test's own
   */
  public DraftModel(Decoder decoder, int vocabularySize, LongSupplier nanoTime) {
    this.decoder = decoder;
    this.vocabularySize = Math.min(vocabularySize, decoder.vocabularySize());
    this.nanoTime = nanoTime;
    this.logits = new float[decoder.vocabularySize()];
    this.freeBlocks = new int[decoder.blocks()];
    this.freeCount = freeBlocks.length;
    Arrays.setAll(freeBlocks, i -> i);
  }

  /**
   * Checks that every token id means the same to both models.
   *
   * @throws ModelFormatException naming the first difference
   */
  public static void requireSameVocabulary(Tokenizer large, Tokenizer draft) {
    if (large.vocabularySize() != draft.vocabularySize()) {
      throw new ModelFormatException(
          "the draft model has %,d tokens, but the model has %,d; a draft model must have the same vocabulary"
              .formatted(draft.vocabularySize(), large.vocabularySize()));
    }
    for (int id = 0; id < large.vocabularySize(); id++) {
      if (large.isControl(id) != draft.isControl(id)
          || !Arrays.equals(large.bytes(id, true), draft.bytes(id, true))) {
        throw new ModelFormatException(
            "token %d is '%s' in the draft model, but '%s' in the model; a draft model must have the same vocabulary"
                .formatted(id, draft.spelling(id), large.spelling(id)));
      }
    }
  }

  @Override
  public Drafts begin(TokenSequence sequence, int maxLength) {
    return new ModelDrafts(this, sequence);
  }

  @Override
  public void close() {
    decoder.close();
  }

  Decoder decoder() {
    return decoder;
  }

  /** Ids below this may be proposed. */
  int vocabularySize() {
    return vocabularySize;
  }

  /** The one row of logits that all its sequences use in turn. */
  float[] logits() {
    return logits;
  }

  /** What its own forward passes cost. */
  StepCosts costs() {
    return costs;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  int freeBlocks() {
    return freeCount;
  }

  int takeBlock() {
    return freeBlocks[--freeCount];
  }

  void giveBack(int[] blocks) {
    for (int block : blocks) {
      freeBlocks[freeCount++] = block;
    }
  }
}
