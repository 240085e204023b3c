package io.yuntai.engine.kernel;

/**
 * What {@link Kernels#attention} computes: some query heads that share a key-value head, for tokens
 * at consecutive positions of one sequence.
 *
 * <p>Each worker has one and describes run after run in it, since a step has thousands.
 */
public final class AttentionRun {
  /** The window of a token that sees all positions before it. */
  public static final int NO_WINDOW = Integer.MAX_VALUE;

  private static final float[] NONE = {};

  private float[] queries = NONE;
  private int queryOffset;
  private int queryStride;
  private float[] out = NONE;
  private int outOffset;
  private int outStride;
  private int tokens;
  private int heads;
  private int positions;
  private int window;
  private final KvCache cache;
  private int[] blockTable = {};
  private int layer;
  private int kvHead;
  private final float scale;

  /**
   * Runs over a cache.
   *
   * @param cache keys and values
   * @param scale what scores are multiplied with
   */
  public AttentionRun(KvCache cache, float scale) {
    this.cache = cache;
    this.scale = scale;
  }

  /**
   * Sets where queries are.
   *
   * @param from heads of {@code keyLength} elements, one after the other
   * @param offset where the first token's first head starts
   * @param stride from one token's heads to the next's
   */
  public AttentionRun queries(float[] from, int offset, int stride) {
    queries = from;
    queryOffset = offset;
    queryStride = stride;
    return this;
  }

  /**
   * Sets where results go.
   *
   * @param to receives the heads' results, {@code valueLength} elements each, one after the other
   * @param offset where the first token's first result goes
   * @param stride from one token's results to the next's
   */
  public AttentionRun results(float[] to, int offset, int stride) {
    out = to;
    outOffset = offset;
    outStride = stride;
    return this;
  }

  /**
   * Sets tokens and what they see.
   *
   * @param count number of tokens
   * @param headCount number of query heads
   * @param seen how many positions the first token sees, at least 1; each further one sees one more
   * @param most at most how many positions a token sees, the last ones, itself included; {@link
   *     #NO_WINDOW} where it sees all
   */
  public AttentionRun tokens(int count, int headCount, int seen, int most) {
    tokens = count;
    heads = headCount;
    positions = seen;
    window = most;
    return this;
  }

  /**
   * Sets which keys and values are meant.
   *
   * @param table the sequence's blocks
   * @param ofLayer which layer
   * @param ofHead which key-value head
   */
  public AttentionRun keys(int[] table, int ofLayer, int ofHead) {
    blockTable = table;
    layer = ofLayer;
    kvHead = ofHead;
    return this;
  }

  float[] queries() {
    return queries;
  }

  float[] out() {
    return out;
  }

  int tokens() {
    return tokens;
  }

  int heads() {
    return heads;
  }

  KvCache cache() {
    return cache;
  }

  int[] blockTable() {
    return blockTable;
  }

  int layer() {
    return layer;
  }

  int kvHead() {
    return kvHead;
  }

  float scale() {
    return scale;
  }

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
