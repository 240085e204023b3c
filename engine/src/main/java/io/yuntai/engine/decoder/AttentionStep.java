package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.AttentionRun;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.KvCache;

/**
 * The part of attention that looks at the KV cache, dealt out over the workers: runs of tokens at
 * consecutive positions of one sequence, key-value heads, and parts of the query heads that share
 * one. What comes before and after for the same tokens and heads is done on the way, by the same
 * worker, where no other one needs it.
 */
final class AttentionStep {
  /** What is done for some heads of one token. */
  @FunctionalInterface
  interface HeadTask {
    void run(int token, int firstHead, int heads, KernelScratch scratch);
  }

  /** Most tokens that share the keys and values that attention reads. */
  private static final int MAX_RUN_TOKENS = 8;

  /** Parts that attention is cut into per worker, where there are tokens enough. */
  private static final int RUNS_PER_WORKER = 8;

  private final Workspace work;
  private final AttentionShape shape;
  private final KvCache cache;

  /** Where runs start; one more ends the last. */
  private final int[] runStarts;

  private int runs;
  private int headParts;

  /** Whether no part of attention reads keys and values that another one's tokens have. */
  private boolean ownKeys;

  private int[] positions = {};
  private int[] sequences = {};
  private int[][] blockTables = {};

  AttentionStep(Workspace work, AttentionShape shape, KvCache cache) {
    this.work = work;
    this.shape = shape;
    this.cache = cache;
    this.runStarts = new int[work.maxTokens + 1];
  }

  /** Begins a batch. */
  void begin(Batch batch) {
    positions = batch.positions();
    sequences = batch.sequences();
    blockTables = batch.blockTables();
    findRuns(batch.tokens().length);
  }

  /** A token's position. */
  int position(int token) {
    return positions[token];
  }

  /** Stores a token's key and value of one head. */
  void store(
      int token,
      int layer,
      int kvHead,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset,
      KernelScratch scratch) {
    int position = positions[token];
    int block = blockTables[sequences[token]][position / KvCache.BLOCK_TOKENS];
    int slot = position % KvCache.BLOCK_TOKENS;
    work.kernels.keep(
        cache, block, slot, layer, kvHead, key, keyOffset, value, valueOffset, scratch);
  }

  /**
   * Attention of all tokens and heads in one layer.
   *
   * @param window most positions that a token sees
   * @param queries token after token, head after head
   * @param attended receives the results likewise
   */
  void run(int layer, int window, float[] queries, float[] attended) {
    work.team.run(
        runs * shape.kvHeads() * headParts,
        (item, worker) -> attend(layer, window, queries, attended, item, work.scratch[worker]));
  }

  /**
   * The same, with what comes before and after.
   *
   * @param before makes queries, keys and values of some key-value heads and stores the latter two
   * @param after takes the results of some query heads
   */
  void run(
      int layer, int window, float[] queries, float[] attended, HeadTask before, HeadTask after) {
    if (!ownKeys) {
      work.perToken((token, worker) -> before.run(token, 0, shape.kvHeads(), work.scratch[worker]));
    }
    work.team.run(
        runs * shape.kvHeads() * headParts,
        (item, worker) -> {
          int run = item / headParts / shape.kvHeads();
          KernelScratch scratch = work.scratch[worker];
          for (int token = runStarts[run]; ownKeys && token < runStarts[run + 1]; token++) {
            before.run(token, item % shape.kvHeads(), 1, scratch);
          }
          attend(layer, window, queries, attended, item, scratch);
          int group = shape.heads() / shape.kvHeads();
          int first = item / headParts % shape.kvHeads() * group + firstOfPart(item % headParts);
          int heads = firstOfPart(item % headParts + 1) - firstOfPart(item % headParts);
          for (int token = runStarts[run]; token < runStarts[run + 1]; token++) {
            after.run(token, first, heads, scratch);
          }
        });
  }

  /** The query head at which a part starts, counted from its key-value head's first. */
  private int firstOfPart(int part) {
    return shape.heads() / shape.kvHeads() * part / headParts;
  }

  /** Whether the results of each part start at a multiple of so many elements. */
  boolean partsAlign(int elements) {
    int heads = headParts == 1 ? shape.heads() / shape.kvHeads() : 1;
    return heads * shape.valueLength() % elements == 0;
  }

  private void attend(
      int layer, int window, float[] queries, float[] attended, int item, KernelScratch scratch) {
    int run = item / headParts / shape.kvHeads();
    int token = runStarts[run];
    int kvHead = item / headParts % shape.kvHeads();
    int part = item % headParts;
    int group = shape.heads() / shape.kvHeads();
    int firstHead = firstOfPart(part);
    int head = token * shape.heads() + kvHead * group + firstHead;
    work.kernels.attention(
        new AttentionRun(
            queries,
            head * shape.keyLength(),
            shape.heads() * shape.keyLength(),
            attended,
            head * shape.valueLength(),
            shape.heads() * shape.valueLength(),
            runStarts[run + 1] - token,
            firstOfPart(part + 1) - firstHead,
            positions[token] + 1,
            window,
            cache,
            blockTables[sequences[token]],
            layer,
            kvHead,
            shape.scale()),
        scratch);
  }

  private void findRuns(int tokens) {
    int wanted = work.team.workers() * RUNS_PER_WORKER;
    int longest = Math.clamp((long) tokens * shape.kvHeads() / wanted, 1, MAX_RUN_TOKENS);
    runs = 0;
    for (int token = 0; token < tokens; token++) {
      boolean follows =
          token > 0
              && token - runStarts[runs - 1] < longest
              && sequences[token] == sequences[token - 1]
              && positions[token] == positions[token - 1] + 1;
      if (!follows) {
        runStarts[runs++] = token;
      }
    }
    runStarts[runs] = tokens;
    headParts = headParts(runs * shape.kvHeads());
    ownKeys = headParts == 1;
    for (int run = 1; run < runs; run++) {
      // In this order no sequence has two runs; in another one it may have.
      ownKeys &= sequences[runStarts[run]] > sequences[runStarts[run - 1]];
    }
  }

  /**
   * In how many parts the query heads of a key-value head are dealt out: more than one only where
   * workers would stand idle, since each part reads the keys and values anew, at the cost of about
   * one head.
   */
  private int headParts(int items) {
    int group = shape.heads() / shape.kvHeads();
    int best = 1;
    int leastCost = Integer.MAX_VALUE;
    for (int parts = 1; parts <= group; parts++) {
      int rounds = Math.ceilDiv(items * parts, work.team.workers());
      int cost = rounds * (Math.ceilDiv(group, parts) + 1);
      if (cost < leastCost) {
        best = parts;
        leastCost = cost;
      }
    }
    return best;
  }
}
