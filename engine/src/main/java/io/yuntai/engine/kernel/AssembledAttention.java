package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#attention} with AVX-512: some blocks of 32 positions, for rows
 * (query heads of one or several tokens) that all see the same positions of them; or a block of
 * which each token sees one position more than the token before, which costs little more than that.
 * (With a call for each token instead, such blocks took a third of the time of attention in a
 * prefill of 512.)
 *
 * <p>The code is {@code void attend(AttentionFrame* frame)}. Per block: scores with lanes =
 * positions, new maxima, corrections for 16 rows at a time, probabilities, and results with lanes =
 * elements of the value. Scores and results are both made in tiles of up to 14 rows times two or
 * more vectors, so that each key and value that is loaded serves 14 rows.
 */
final class AssembledAttention {
  /** Lengths of keys and values are multiples of this. */
  static final int LANES = 16;

  private static final int POSITIONS = KvCache.BLOCK_TOKENS;
  private static final int VECTOR_BYTES = LANES * Float.BYTES;

  /** Most rows of a tile: two accumulators each, two vectors of keys and one for a query. */
  static final int TILE_ROWS = 14;

  private static final int UNROLLED = 4;

  // General registers
  static final Register FRAME = Register.RDI;
  private static final Register ADDRESSES = Register.RSI;
  private static final Register COUNT = Register.RDX;
  private static final Register SEEN = Register.RCX;
  private static final Register STATE = Register.R8;
  private static final Register QUERIES = Register.R9;
  private static final Register RESULTS = Register.R10;

  /** The running block, or its conversion to F32. */
  static final Register BLOCK = Register.R11;

  /** From the running block to the next, which is fetched meanwhile. */
  static final Register AHEAD = Register.RAX;

  static final Register CURSOR = Register.RBX;
  static final Register FACTORS = Register.R12;
  static final Register LEFT = Register.R13;
  static final Register TEMPORARY = Register.R14;
  private static final Register[] SAVED = {CURSOR, FACTORS, LEFT, TEMPORARY};

  // Masks
  private static final int SEEN_LOW = 1;
  private static final int SEEN_HIGH = 2;
  private static final int NOT_BELOW = 3;
  private static final int LAST_ROWS = 4;

  // Vector registers of a tile beside its sums
  private static final int FACTOR = 31;
  private static final int KEYS = 28;
  private static final int SCALE = 28;
  private static final int NEGATIVE_INFINITY = 29;
  private static final int MAX = 30;
  private static final int SHUFFLED = 31;

  private final int heads;
  private final int tokens;
  private final int rows;
  private final int keyLength;
  private final int valueLength;

  private final Assembler code = new Assembler(Encoding.EVEX);
  private final AssembledKeyValues keyValues;

  /** For differences from a maximum, which its upper clamp never meets. */
  private final AssembledExponential exponential =
      new AssembledExponential(code, TEMPORARY, NOT_BELOW);

  private AssembledAttention(int heads, int tokens, KvLayout layout) {
    this.heads = heads;
    this.tokens = tokens;
    rows = heads * tokens;
    keyLength = layout.keyLength();
    valueLength = layout.valueLength();
    keyValues = new AssembledKeyValues(code, layout, rows);
  }

  /**
   * Code for one shape.
   *
   * @param heads rows of a token; of all tokens at most {@link AttentionFrame#ROWS}
   * @param tokens 1 to {@link AttentionFrame#TOKENS}; 1 where all rows see the same positions
   * @param layout with keys and values that are stored apart, of lengths that are multiples of 16
   */
  static byte[] assemble(int heads, int tokens, KvLayout layout) {
    AssembledAttention attention = new AssembledAttention(heads, tokens, layout);
    attention.assemble();
    return attention.code.toBytes();
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.load(ADDRESSES, at(FRAME, AttentionFrame.BLOCK_ADDRESSES));
    code.load(COUNT, at(FRAME, AttentionFrame.BLOCK_COUNT));
    code.load(SEEN, at(FRAME, AttentionFrame.SEEN));
    code.load(STATE, at(FRAME, AttentionFrame.STATE));
    code.load(QUERIES, at(FRAME, AttentionFrame.QUERIES));
    code.load(RESULTS, at(FRAME, AttentionFrame.RESULTS));
    seen(0);
    code.move(TEMPORARY, (1 << ((rows - 1) % LANES + 1)) - 1);
    code.mask(LAST_ROWS, TEMPORARY);
    int block = code.position();
    code.load(BLOCK, at(ADDRESSES, 0));
    code.load(AHEAD, at(ADDRESSES, Long.BYTES));
    code.subtract(AHEAD, BLOCK);
    keyValues.begin();
    int tiles = Math.ceilDiv(rows, TILE_ROWS);
    for (int tile = 0; tile < tiles; tile++) {
      scores(rows * tile / tiles, rows * (tile + 1) / tiles);
    }
    exponential.constants();
    corrections();
    probabilities();
    totals();
    for (int tile = 0; tile < tiles; tile++) {
      results(rows * tile / tiles, rows * (tile + 1) / tiles);
    }
    code.add(ADDRESSES, Long.BYTES);
    code.decrement(COUNT);
    code.jumpIfNotZero(block);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  /** Masks of the positions that a token sees. */
  private void seen(int token) {
    code.load(TEMPORARY, at(FRAME, AttentionFrame.SEEN_MASKS + token * Long.BYTES));
    code.mask(SEEN_LOW, TEMPORARY);
    code.shiftRight(TEMPORARY, LANES);
    code.mask(SEEN_HIGH, TEMPORARY);
  }

  /** Scores of a tile's rows, and their maxima so far. */
  private void scores(int first, int end) {
    int count = end - first;
    for (int sum = 0; sum < 2 * count; sum++) {
      code.zero(sum);
    }
    code.move(CURSOR, BLOCK);
    code.add(CURSOR, keyValues.keysOffset());
    code.move(FACTORS, QUERIES);
    int group = keyValues.keyGroup();
    for (int from = 0; from < keyLength; from += group) {
      keyValues.beginKeyGroup(from / group);
      scores(first, count, Math.min(group, keyLength - from));
    }
    code.vector(VectorOp.BROADCAST_F32, SCALE, at(FRAME, AttentionFrame.SCALE));
    exponential.constant(NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < count; row++) {
      if (tokens > 1 && (row == 0 || (first + row) % heads == 0)) {
        seen((first + row) / heads);
      }
      scaled(first + row, 2 * row, 2 * row + 1);
    }
  }

  /** Adds up products of some elements of keys and queries. */
  private void scores(int first, int count, int elements) {
    int keyBytes = POSITIONS * keyValues.elementBytes();
    code.move(LEFT, elements / UNROLLED);
    int loop = code.position();
    for (int e = 0; e < UNROLLED; e++) {
      keyValues.key(KEYS, CURSOR, e * keyBytes, false);
      keyValues.key(KEYS + 1, CURSOR, e * keyBytes, true);
      if (first == 0) {
        keyValues.prefetch(CURSOR, e * keyBytes, keyBytes);
      }
      for (int row = 0; row < count; row++) {
        int query = ((first + row) * keyLength + e) * Float.BYTES;
        code.vector(VectorOp.BROADCAST_F32, FACTOR, at(FACTORS, query));
        code.vector(VectorOp.FMA_231_F32, 2 * row, KEYS, FACTOR);
        code.vector(VectorOp.FMA_231_F32, 2 * row + 1, KEYS + 1, FACTOR);
      }
    }
    code.add(CURSOR, UNROLLED * keyBytes);
    code.add(FACTORS, UNROLLED * Float.BYTES);
    code.decrement(LEFT);
    code.jumpIfNotZero(loop);
  }

  private void scaled(int row, int low, int high) {
    int to = AttentionFrame.SCORES + row * POSITIONS * Float.BYTES;
    code.vector(VectorOp.MULTIPLY_F32, low, low, SCALE);
    code.vector(VectorOp.MULTIPLY_F32, high, high, SCALE);
    code.blend(SEEN_LOW, low, NEGATIVE_INFINITY, low);
    code.blend(SEEN_HIGH, high, NEGATIVE_INFINITY, high);
    code.vector(VectorOp.STORE, low, at(FRAME, to));
    code.vector(VectorOp.STORE, high, at(FRAME, to + VECTOR_BYTES));
    code.vector(VectorOp.MAX_F32, MAX, low, high);
    reduce(VectorOp.MAX_F32, MAX, SHUFFLED);
    code.vector(VectorOp.MAX_F32, MAX, MAX, each(STATE, row * Float.BYTES));
    code.vector(VectorOp.STORE_F32, MAX, at(FRAME, AttentionFrame.NEW_MAXIMA + row * Float.BYTES));
  }

  /** The contract's tree of 16 lanes: i + 8, i + 4, i + 2, i + 1. All lanes get the result. */
  private void reduce(VectorOp op, int lanes, int shuffled) {
    code.vector(VectorOp.SHUFFLE_QUARTERS, shuffled, lanes, lanes, 0x4E);
    code.vector(op, lanes, lanes, shuffled);
    code.vector(VectorOp.SHUFFLE_QUARTERS, shuffled, lanes, lanes, 0xB1);
    code.vector(op, lanes, lanes, shuffled);
    code.vector(VectorOp.PERMUTE_F32, shuffled, 0, lanes, 0x4E);
    code.vector(op, lanes, lanes, shuffled);
    code.vector(VectorOp.PERMUTE_F32, shuffled, 0, lanes, 0xB1);
    code.vector(op, lanes, lanes, shuffled);
  }

  /** What earlier results and totals are multiplied with, for 16 rows at a time. */
  private void corrections() {
    for (int row = 0; row < rows; row += LANES) {
      int at = row * Float.BYTES;
      code.vector(VectorOp.MOVE, 0, at(STATE, at));
      code.vector(VectorOp.MOVE, 1, at(FRAME, AttentionFrame.NEW_MAXIMA + at));
      storeRows(row, 1, at);
      code.vector(VectorOp.SUBTRACT_F32, 0, 0, 1);
      exponential.exponential(0, 2);
      code.vector(VectorOp.STORE, 0, at(FRAME, AttentionFrame.CORRECTIONS + at));
    }
  }

  private void totals() {
    for (int row = 0; row < rows; row += LANES) {
      int at = row * Float.BYTES;
      code.vector(VectorOp.MOVE, 0, at(STATE, AttentionFrame.TOTAL + at));
      code.vector(VectorOp.MOVE, 1, at(FRAME, AttentionFrame.CORRECTIONS + at));
      code.vector(VectorOp.FMA_213_F32, 0, 1, at(FRAME, AttentionFrame.SUMS + at));
      storeRows(row, 0, AttentionFrame.TOTAL + at);
    }
  }

  /** Stores state of up to 16 rows; what follows them is another token's. */
  private void storeRows(int row, int from, int at) {
    if (row + LANES < rows) {
      code.vector(VectorOp.STORE, from, at(STATE, at));
    } else {
      code.store(LAST_ROWS, from, at(STATE, at));
    }
  }

  private void probabilities() {
    code.move(CURSOR, FRAME);
    code.move(FACTORS, FRAME);
    code.move(LEFT, rows);
    int loop = code.position();
    code.vector(VectorOp.MOVE, 0, at(CURSOR, AttentionFrame.SCORES));
    code.vector(VectorOp.MOVE, 3, at(CURSOR, AttentionFrame.SCORES + VECTOR_BYTES));
    code.vector(VectorOp.SUBTRACT_F32, 0, 0, each(FACTORS, AttentionFrame.NEW_MAXIMA));
    code.vector(VectorOp.SUBTRACT_F32, 3, 3, each(FACTORS, AttentionFrame.NEW_MAXIMA));
    exponential.exponential(0, 1);
    exponential.exponential(3, 4);
    code.vector(VectorOp.STORE, 0, at(CURSOR, AttentionFrame.SCORES));
    code.vector(VectorOp.STORE, 3, at(CURSOR, AttentionFrame.SCORES + VECTOR_BYTES));
    code.vector(VectorOp.ADD_F32, 0, 0, 3);
    reduce(VectorOp.ADD_F32, 0, 1);
    code.vector(VectorOp.STORE_F32, 0, at(FACTORS, AttentionFrame.SUMS));
    code.add(CURSOR, POSITIONS * Float.BYTES);
    code.add(FACTORS, Float.BYTES);
    code.decrement(LEFT);
    code.jumpIfNotZero(loop);
  }

  /** Results of a tile's rows, a few vectors of elements at a time. */
  private void results(int first, int end) {
    int vectors = valueLength / LANES;
    int chunks = Math.ceilDiv(vectors, Math.min(8, FACTOR / (end - first + 1)));
    for (int chunk = 0; chunk < chunks; chunk++) {
      results(first, end - first, vectors * chunk / chunks, vectors * (chunk + 1) / chunks);
    }
  }

  private void results(int first, int count, int firstVector, int endVector) {
    int width = endVector - firstVector;
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < width; i++) {
        int sum = row * width + i;
        int factor = AttentionFrame.CORRECTIONS + (first + row) * Float.BYTES;
        code.vector(VectorOp.MOVE, sum, at(RESULTS, result(first + row, firstVector + i)));
        code.vector(VectorOp.MULTIPLY_F32, sum, sum, each(FRAME, factor));
      }
    }
    int vectorBytes = LANES * keyValues.elementBytes();
    int from = keyValues.valuesOffset() + firstVector * vectorBytes;
    // From the first position that counts: its values, and its column of the probabilities.
    code.load(LEFT, at(FRAME, AttentionFrame.FIRST));
    code.multiply(CURSOR, LEFT, valueLength * keyValues.elementBytes());
    code.add(CURSOR, BLOCK);
    code.multiply(FACTORS, LEFT, Float.BYTES);
    code.add(FACTORS, FRAME);
    code.move(LEFT, SEEN);
    int loop = code.position();
    position(first, first, count, firstVector, width);
    if (first == 0) {
      keyValues.prefetch(CURSOR, from, width * vectorBytes);
    }
    nextPosition();
    code.decrement(LEFT);
    code.jumpIfNotZero(loop);
    for (int token = 1; token <= (first + count - 1) / heads; token++) {
      position(first, Math.max(first, token * heads), count, firstVector, width);
      nextPosition();
    }
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < width; i++) {
        int to = result(first + row, firstVector + i);
        code.vector(VectorOp.STORE, row * width + i, at(RESULTS, to));
      }
    }
  }

  /**
   * Adds one position's value, times probabilities, to sums of a tile's rows.
   *
   * @param seenFrom the first row that sees it
   */
  private void position(int first, int seenFrom, int count, int firstVector, int width) {
    int values = count * width;
    int vectorBytes = LANES * keyValues.elementBytes();
    for (int i = 0; i < width; i++) {
      int from = keyValues.valuesOffset() + (firstVector + i) * vectorBytes;
      keyValues.value(values + i, CURSOR, from, firstVector + i);
    }
    for (int row = seenFrom; row < first + count; row++) {
      int probability = AttentionFrame.SCORES + row * POSITIONS * Float.BYTES;
      code.vector(VectorOp.BROADCAST_F32, FACTOR, at(FACTORS, probability));
      for (int i = 0; i < width; i++) {
        code.vector(VectorOp.FMA_231_F32, (row - first) * width + i, values + i, FACTOR);
      }
    }
  }

  private void nextPosition() {
    code.add(CURSOR, valueLength * keyValues.elementBytes());
    code.add(FACTORS, Float.BYTES);
  }

  private int result(int row, int vector) {
    return (row * valueLength + vector * LANES) * Float.BYTES;
  }
}
