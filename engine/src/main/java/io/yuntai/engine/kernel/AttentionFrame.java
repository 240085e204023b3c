package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory that {@link AssembledAttention} works in: what a call is about, and the state of up to
 * {@link #ROWS} rows between calls. A row is one query head of one token.
 *
 * <p>All addresses that code reads are native, so that the Java heap may move meanwhile.
 */
final class AttentionFrame {
  /** Most rows at once. */
  static final int ROWS = 64;

  /** Most tokens at once. */
  static final int TOKENS = 16;

  /** Most elements of a key or value. */
  static final int MAX_LENGTH = 576;

  /** Most blocks of a call; longer sequences take several. */
  static final int BLOCKS = 128;

  private static final int POSITIONS = KvCache.BLOCK_TOKENS;
  private static final int ROW_FLOATS = ROWS * Float.BYTES;

  // What a call is about. Addresses and numbers of 64 bits; the scale is an F32.
  static final int BLOCK_ADDRESSES = 0;
  static final int BLOCK_COUNT = 8;
  static final int SEEN = 16;
  static final int STATE = 24;
  static final int QUERIES = 32;
  static final int RESULTS = 40;
  static final int SCALE = 48;
  static final int FIRST = 56;

  /** Per token which positions of a block it sees. */
  static final int SEEN_MASKS = 64;

  // Per row one F32. Totals lie one such array after the maxima, which are the state's start.
  static final int NEW_MAXIMA = SEEN_MASKS + TOKENS * Long.BYTES;
  static final int CORRECTIONS = NEW_MAXIMA + ROW_FLOATS;
  static final int SUMS = CORRECTIONS + ROW_FLOATS;
  private static final int MAXIMA = SUMS + ROW_FLOATS;

  /** From a row's maximum to its total. */
  static final int TOTAL = ROW_FLOATS;

  /** Per row the scores, then probabilities, of a block. */
  static final int SCORES = MAXIMA + 2 * ROW_FLOATS;

  /** One block's addresses more than fit: a call looks one ahead. */
  private static final int ADDRESSES = SCORES + ROW_FLOATS * POSITIONS;

  /** Scales of a block's values, for each group of elements 32 positions' in F32. */
  static final int VALUE_SCALES = ADDRESSES + (BLOCKS + 8) * Long.BYTES;

  /** Keys and values of a block in F32, where they are read more than once. */
  static final int CONVERTED = VALUE_SCALES + MAX_LENGTH / KvLayout.GROUP * POSITIONS * Float.BYTES;

  /** Results before the first position. */
  private static final MemorySegment ZEROS =
      Arena.global().allocate((long) ROW_FLOATS * MAX_LENGTH, 64);

  private final MemorySegment memory;
  private final int queries;
  private int results;

  /**
   * @param headElements elements of one key and one value together
   */
  AttentionFrame(int headElements) {
    queries = CONVERTED + headElements * POSITIONS * Float.BYTES;
    memory = Arena.ofAuto().allocate(queries + (long) headElements * ROW_FLOATS, 64);
    set(BLOCK_ADDRESSES, memory.address() + ADDRESSES);
  }

  /** Where the code finds all this. */
  long address() {
    return memory.address();
  }

  /** Forgets earlier rows and takes the queries of some heads of some tokens of a run. */
  void begin(AttentionRun run, int firstHead, int heads, int firstToken, int tokens) {
    int keyLength = run.cache().layout().keyLength();
    int valueLength = run.cache().layout().valueLength();
    int elements = heads * keyLength;
    int rows = tokens * heads;
    results = queries + ROWS * keyLength * Float.BYTES;
    for (int token = 0; token < tokens; token++) {
      int from = run.queryIndex(firstToken + token, firstHead);
      long to = queries + (long) token * elements * Float.BYTES;
      MemorySegment.copy(run.queries(), from, memory, ValueLayout.JAVA_FLOAT, to, elements);
    }
    for (int row = 0; row < rows; row++) {
      memory.set(ValueLayout.JAVA_FLOAT, MAXIMA + row * 4L, Float.NEGATIVE_INFINITY);
      memory.set(ValueLayout.JAVA_FLOAT, MAXIMA + TOTAL + row * 4L, 0);
    }
    MemorySegment.copy(ZEROS, 0, memory, results, (long) rows * valueLength * Float.BYTES);
    memory.set(ValueLayout.JAVA_FLOAT, SCALE, run.scale());
  }

  /**
   * Describes the next call.
   *
   * @param firstRow where its rows start
   * @param blocks how many blocks
   * @param first the first position of each block that counts
   * @param end the end of those that the first token sees
   * @param tokens how many tokens; each further one sees one position more
   */
  void describe(int firstRow, KvLayout layout, int blocks, int first, int end, int tokens) {
    long start = memory.address();
    set(BLOCK_COUNT, blocks);
    set(FIRST, first);
    set(SEEN, end - first);
    for (int token = 0; token < tokens; token++) {
      set(SEEN_MASKS + token * Long.BYTES, (1L << (end + token)) - (1L << first));
    }
    set(STATE, start + MAXIMA + firstRow * 4L);
    set(QUERIES, start + queries + firstRow * 4L * layout.keyLength());
    set(RESULTS, start + results + firstRow * 4L * layout.valueLength());
    set(ADDRESSES + blocks * Long.BYTES, memory.get(ValueLayout.JAVA_LONG, lastAddress(blocks)));
  }

  private static long lastAddress(int blocks) {
    return ADDRESSES + (blocks - 1L) * Long.BYTES;
  }

  /** Where the keys and values of a call's block start. */
  void block(int index, long address) {
    set(ADDRESSES + index * Long.BYTES, address);
  }

  /** Divides by the totals and hands the results out. */
  void finish(AttentionRun run, int firstHead, int heads, int firstToken, int tokens) {
    int valueLength = run.cache().layout().valueLength();
    for (int row = 0; row < tokens * heads; row++) {
      float total = memory.get(ValueLayout.JAVA_FLOAT, MAXIMA + TOTAL + row * 4L);
      long from = results + row * 4L * valueLength;
      int to = run.outIndex(firstToken + row / heads, firstHead + row % heads);
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, from, run.out(), to, valueLength);
      divide(run.out(), to, valueLength, total);
    }
  }

  /** Plain Java, which is quick before it is compiled too, unlike the Vector API. */
  private static void divide(float[] x, int offset, int length, float divisor) {
    for (int i = offset; i < offset + length; i++) {
      x[i] /= divisor;
    }
  }

  private void set(int offset, long value) {
    memory.set(ValueLayout.JAVA_LONG, offset, value);
  }
}
