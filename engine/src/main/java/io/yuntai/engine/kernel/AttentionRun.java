package io.yuntai.engine.kernel;

/**
 * What {@link Kernels#attention} computes: some query heads that share a key-value head, for tokens
 * at consecutive positions of one sequence.
 *
 * @param queries heads of {@code keyLength} elements, one after the other
 * @param queryOffset where the first token's first head starts
 * @param queryStride from one token's heads to the next's
 * @param out receives the heads' results, {@code valueLength} elements each, one after the other
 * @param outOffset where the first token's first result goes
 * @param outStride from one token's results to the next's
 * @param tokens number of tokens
 * @param heads number of query heads
 * @param positions how many positions the first token sees, at least 1; each further one sees one
 *     more
 * @param window at most how many positions a token sees, the last ones, itself included; {@link
 *     #NO_WINDOW} where it sees all
 * @param cache keys and values
 * @param blockTable the sequence's blocks
 * @param layer which layer
 * @param kvHead which key-value head
 * @param scale what scores are multiplied with
 */
public record AttentionRun(
    float[] queries,
    int queryOffset,
    int queryStride,
    float[] out,
    int outOffset,
    int outStride,
    int tokens,
    int heads,
    int positions,
    int window,
    KvCache cache,
    int[] blockTable,
    int layer,
    int kvHead,
    float scale) {
  /** The window of a token that sees all positions before it. */
  public static final int NO_WINDOW = Integer.MAX_VALUE;

  /** How many positions a token may see without a window: the end of those it sees. */
  int end(int token) {
    return positions + token;
  }

  /** The first position that a token sees. */
  int start(int token) {
    return Math.max(0, end(token) - window);
  }

  /** Where a head of a token starts in {@link #queries}. */
  int queryIndex(int token, int head) {
    return queryOffset + token * queryStride + head * cache.layout().keyLength();
  }

  /** Where a head's result of a token starts in {@link #out}. */
  int outIndex(int token, int head) {
    return outOffset + token * outStride + head * cache.layout().valueLength();
  }
}
