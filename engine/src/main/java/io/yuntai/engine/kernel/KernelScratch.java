package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Working memory of one thread, so that kernels allocate nothing. */
public final class KernelScratch {
  /** 32 columns of a tile, unpacked: column after column, 32 rows each. */
  final float[] weights = new float[32 * PackedMatrix.TILE_ROWS];

  /** Scales of a tile's rows, for each group in 32 columns. */
  final float[][] scales = new float[2][PackedMatrix.TILE_ROWS];

  /** Minima of a tile's rows, for each group in 32 columns. */
  final float[][] minima = new float[2][PackedMatrix.TILE_ROWS];

  /** 32 columns of a bundle's codes, twice for two bytes a code: token after token. */
  final float[] inputs = new float[2 * Activations.BUNDLE * Activations.GROUP];

  /** Sums of a tile: per token 32 rows. */
  final float[] accumulators;

  /** Products of 32 columns with one bundle: per token 32 rows. */
  final float[] dots = new float[Activations.BUNDLE * PackedMatrix.TILE_ROWS];

  /** Products with the lower bytes of codes. */
  final float[] lowDots = new float[Activations.BUNDLE * PackedMatrix.TILE_ROWS];

  /** Codes of 32 columns of activations. */
  final float[] codes = new float[Activations.GROUP];

  final int[] intCodes = new int[Activations.GROUP];

  /** Results of a tile with fewer than 32 rows. */
  final float[] tail = new float[Activations.BUNDLE * PackedMatrix.TILE_ROWS];

  /** Partial sums that a tree adds up. */
  final float[] partialSums = new float[KvCache.BLOCK_TOKENS];

  /** Scores, then probabilities, of one block: per query head 32 positions. */
  final float[] scores;

  /** Largest score so far, per query head. */
  final float[] maxima;

  /** Sum of probabilities so far, per query head. */
  final float[] totals;

  /** What assembled attention works in. */
  final AttentionFrame attention;

  private final HeapArrays heapArrays = new HeapArrays();
  private MemorySegment unpacked = MemorySegment.NULL;
  private MemorySegment sums = MemorySegment.NULL;

  /** Keys and values of one block and head, converted to F32. */
  final MemorySegment keyValues;

  /** Where in the KV cache {@link #keyValues} come from; 0 for nowhere. */
  long convertedFrom;

  /** Keys of one block and head while their values are made of them. */
  private float[] keys = {};

  /**
   * @param maxTokens most tokens of one product
   * @param maxHeads most query heads that share a key-value head
   * @param headElements elements of one key and one value together
   */
  public KernelScratch(int maxTokens, int maxHeads, int headElements) {
    accumulators = new float[maxTokens * PackedMatrix.TILE_ROWS];
    scores = new float[maxHeads * KvCache.BLOCK_TOKENS];
    attention = new AttentionFrame(headElements);
    maxima = new float[maxHeads];
    totals = new float[maxHeads];
    keyValues =
        Arena.ofAuto().allocate((long) headElements * KvCache.BLOCK_TOKENS * Float.BYTES, 64);
  }

  /** Memory for sums of a tile's rows, of at least so many bytes. */
  MemorySegment sums(long bytes) {
    if (sums.byteSize() < bytes) {
      sums = Arena.ofAuto().allocate(bytes, 64);
    }
    return sums;
  }

  /** Room for keys of one block and head. */
  float[] keys(int elements) {
    if (keys.length < elements) {
      keys = new float[elements];
    }
    return keys;
  }

  /** Memory for an unpacked tile, of at least so many bytes. */
  MemorySegment unpacked(long bytes) {
    if (unpacked.byteSize() < bytes) {
      unpacked = Arena.ofAuto().allocate(bytes, 64);
    }
    return unpacked;
  }

  /** An array as native code takes it. */
  MemorySegment segment(float[] array) {
    return heapArrays.segment(array);
  }
}
