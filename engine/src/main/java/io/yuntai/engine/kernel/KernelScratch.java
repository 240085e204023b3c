package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Working memory of one thread, so that kernels allocate nothing. */
public final class KernelScratch {
  /** One group of a tile, unpacked: column after column, 32 rows each. */
  final float[] weights = new float[32 * PackedMatrix.TILE_ROWS];

  /** Scales of a tile's rows. */
  final float[] scales = new float[PackedMatrix.TILE_ROWS];

  /** Minima of a tile's rows. */
  final float[] mins = new float[PackedMatrix.TILE_ROWS];

  /** Sums of a tile: per token (padded to whole bundles) 32 rows. */
  final float[] accumulators;

  /** Products of one group with one bundle: per token 32 rows. */
  final float[] dots = new float[Activations.BUNDLE * PackedMatrix.TILE_ROWS];

  /** Codes of one block of activations. */
  final float[] codes = new float[Activations.BLOCK];

  /** Partial sums that a tree adds up. */
  final float[] partialSums = new float[KvCache.BLOCK_TOKENS];

  /** Scores, then probabilities, of one block: per query head 32 positions. */
  final float[] scores;

  /** Largest score so far, per query head. */
  final float[] maxima;

  /** Sum of probabilities so far, per query head. */
  final float[] totals;

  /** Keys and values of one block and head, converted to F32. */
  final MemorySegment keyValues;

  /**
   * @param maxTokens most tokens of one product
   * @param maxHeads most query heads that share a key-value head
   * @param headElements elements of one key and one value together
   */
  public KernelScratch(int maxTokens, int maxHeads, int headElements) {
    int padded = (maxTokens + Activations.BUNDLE - 1) / Activations.BUNDLE * Activations.BUNDLE;
    accumulators = new float[padded * PackedMatrix.TILE_ROWS];
    scores = new float[maxHeads * KvCache.BLOCK_TOKENS];
    maxima = new float[maxHeads];
    totals = new float[maxHeads];
    keyValues =
        Arena.ofAuto().allocate((long) headElements * KvCache.BLOCK_TOKENS * Float.BYTES, 64);
  }
}
