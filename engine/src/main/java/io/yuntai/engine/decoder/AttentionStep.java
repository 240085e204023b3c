package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.AttentionRun;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.WorkerTeam;
import java.util.Arrays;

/**
 * The part of attention that looks at the KV cache, dealt out over the workers: runs of tokens at
 * consecutive positions of one sequence, key-value heads, and parts of the query heads that share
 * one. What comes before and after for the same tokens and heads is done on the way, by the same
 * worker, where no other one needs it.
 */
final class AttentionStep {
  /** What is done for some heads of one token, beside attention. */
  interface HeadWork {
    /** Makes queries, keys and values of some key-value heads, and stores the latter two. */
    void before(int token, int firstKvHead, int kvHeads, KernelScratch scratch);

    /** Takes the results of some query heads. */
    void after(int token, int firstHead, int heads, KernelScratch scratch);
  }

  /** Nothing. */
  private static final class NoWork implements HeadWork {
    @Override
    public void before(int token, int firstKvHead, int kvHeads, KernelScratch scratch) {}

    @Override
    public void after(int token, int firstHead, int heads, KernelScratch scratch) {}
  }

  /**
   * Most tokens that share the keys and values that attention reads. They stand in one block, so
   * that what only some of them see is in one block too.
   */
  private static final int MAX_RUN_TOKENS = 8;

  /** Parts that attention is cut into per worker, where there are tokens enough. */
  private static final int RUNS_PER_WORKER = 8;

  private static final HeadWork NO_WORK = new NoWork();

  private final Workspace work;
  private final AttentionShape shape;
  private final LayerCaches caches;

  /** Where runs start; one more ends the last. */
  private final int[] runStarts;

  private int runs;
  private int headParts;

  /** Whether no part of attention reads keys and values that another one's tokens have. */
  private boolean ownKeys;

  private int[] positions = {};
  private int[] sequences = {};
  private int[][] blockTables = {};
  private int[][] windowTables = {};

  // The layer that runs.
  private int layer;
  private int window;
  private float[] queries = {};
  private float[] attended = {};
  private HeadWork heads = NO_WORK;

  /** One for each worker, for layers in either cache. */
  private final AttentionRun[] wholeRuns;

  private final AttentionRun[] windowRuns;

  // One object each, since a step runs hundreds.
  private final WorkerTeam.Task beforeAll = this::beforeAll;
  private final WorkerTeam.Task attendItem = this::attendItem;

  AttentionStep(Workspace work, AttentionShape shape, LayerCaches caches) {
    this.work = work;
    this.shape = shape;
    this.caches = caches;
    this.runStarts = new int[work.maxTokens + 1];
    wholeRuns = runs(caches.of(false));
    windowRuns = runs(caches.of(true));
  }

  private AttentionRun[] runs(KvCache cache) {
    AttentionRun[] made = new AttentionRun[work.team.workers()];
    Arrays.setAll(made, _ -> new AttentionRun(cache, shape.scale()));
    return made;
  }

  /** Begins a batch. */
  void begin(Batch batch) {
    positions = batch.positions();
    sequences = batch.sequences();
    blockTables = batch.blockTables();
    windowTables = batch.windowTables();
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
    boolean isWindowed = caches.isWindowed(layer);
    int[][] tables = isWindowed ? windowTables : blockTables;
    int block = tables[sequences[token]][position / KvCache.BLOCK_TOKENS];
    int slot = position % KvCache.BLOCK_TOKENS;
    work.kernels.keep(
        caches.of(isWindowed),
        block,
        slot,
        caches.number(layer),
        kvHead,
        key,
        keyOffset,
        value,
        valueOffset,
        scratch);
  }

  /**
   * Attention of all tokens and heads in one layer.
   *
   * @param newWindow most positions that a token sees
   * @param from queries, token after token, head after head
   * @param to receives the results likewise
   */
  void run(int newLayer, int newWindow, float[] from, float[] to) {
    attend(newLayer, newWindow, from, to, NO_WORK);
  }

  /**
   * The same, with what comes before and after.
   *
   * @param newHeads done by the worker that attends, where no other one needs it
   */
  void run(int newLayer, int newWindow, float[] from, float[] to, HeadWork newHeads) {
    heads = newHeads;
    if (!ownKeys) {
      work.perToken(beforeAll);
    }
    attend(newLayer, newWindow, from, to, newHeads);
  }

  private void attend(int newLayer, int newWindow, float[] from, float[] to, HeadWork newHeads) {
    layer = newLayer;
    window = newWindow;
    queries = from;
    attended = to;
    heads = newHeads;
    work.team.run(runs * shape.kvHeads() * headParts, attendItem);
  }

  private void beforeAll(int token, int worker) {
    heads.before(token, 0, shape.kvHeads(), work.scratch[worker]);
  }

  private void attendItem(int item, int worker) {
    int run = item / headParts / shape.kvHeads();
    int firstToken = runStarts[run];
    int endToken = runStarts[run + 1];
    int kvHead = item / headParts % shape.kvHeads();
    int part = item % headParts;
    int firstHead = kvHead * (shape.heads() / shape.kvHeads()) + firstOfPart(part);
    int count = firstOfPart(part + 1) - firstOfPart(part);
    KernelScratch scratch = work.scratch[worker];
    for (int token = firstToken; ownKeys && token < endToken; token++) {
      heads.before(token, kvHead, 1, scratch);
    }
    int row = firstToken * shape.heads() + firstHead;
    boolean isWindowed = caches.isWindowed(layer);
    int[][] tables = isWindowed ? windowTables : blockTables;
    AttentionRun attention =
        (isWindowed ? windowRuns : wholeRuns)
            [worker].queries(queries, row * shape.keyLength(), shape.heads() * shape.keyLength())
            .results(attended, row * shape.valueLength(), shape.heads() * shape.valueLength())
            .tokens(endToken - firstToken, count, positions[firstToken] + 1, window)
            .keys(tables[sequences[firstToken]], caches.number(layer), kvHead);
    work.kernels.attention(attention, scratch);
    for (int token = firstToken; token < endToken; token++) {
      heads.after(token, firstHead, count, scratch);
    }
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

  private void findRuns(int tokens) {
    int wanted = work.team.workers() * RUNS_PER_WORKER;
    int longest = Math.clamp((long) tokens * shape.kvHeads() / wanted, 1, MAX_RUN_TOKENS);
    runs = 0;
    for (int token = 0; token < tokens; token++) {
      boolean follows =
          token > 0
              && token - runStarts[runs - 1] < longest
              && sequences[token] == sequences[token - 1]
              && positions[token] == positions[token - 1] + 1
              && positions[token] % KvCache.BLOCK_TOKENS != 0;
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
