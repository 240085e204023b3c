package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * How {@link AssembledAttention} reads keys and values: 16 elements at a time as they are stored,
 * or, where several tiles read a block, from a conversion of it that is made first.
 *
 * <p>What stands at the same place of the next block is asked for meanwhile, into the second cache:
 * a core then reads 9.6 to 12.5 GB/s of keys and values from memory, against 8 to 10 into the
 * first.
 */
final class AssembledKeyValues {
  private static final int LANES = AssembledAttention.LANES;
  private static final int POSITIONS = KvCache.BLOCK_TOKENS;
  private static final int LINE_BYTES = 64;
  private static final int UNROLLED = 4;

  /** Scales of 16 positions' keys each. */
  private static final int[] KEY_SCALES = {26, 27};

  /** A group's scales as tiles read them: an F32 for each position. */
  private static final int GROUP_BYTES = POSITIONS * Float.BYTES;

  private final Assembler code;
  private final KvLayout layout;
  private final KvCache.Format format;
  private final boolean converts;

  /**
   * @param rows how many rows read the block
   */
  AssembledKeyValues(Assembler code, KvLayout layout, int rows) {
    this.code = code;
    this.layout = layout;
    this.format = layout.format();
    this.converts = format != KvCache.Format.F32 && rows > mostRows(format);
  }

  /** Most rows of a tile that reads a block as it is stored. */
  private static int mostRows(KvCache.Format format) {
    return format.scaleBytes() == 0 ? AssembledAttention.TILE_ROWS : KEY_SCALES[0] / 2;
  }

  /** Bytes of an element as tiles read it. */
  int elementBytes() {
    return converts ? Float.BYTES : format.elementBytes();
  }

  /** From the running block, or its conversion, to its keys. */
  int keysOffset() {
    return converts ? 0 : layout.keysOffset();
  }

  /** Likewise to its values. */
  int valuesOffset() {
    return keysOffset() + layout.keyLength() * POSITIONS * elementBytes();
  }

  /** Elements of a key that are read with the same scales. */
  int keyGroup() {
    return hasScales() ? KvLayout.GROUP : layout.keyLength();
  }

  private boolean hasScales() {
    return format.scaleBytes() != 0 && !converts;
  }

  /** Makes the running block ready; overwrites what all registers of a tile hold. */
  void begin() {
    if (format.scaleBytes() != 0) {
      valueScales();
    }
    if (!converts) {
      return;
    }
    code.move(AssembledAttention.CURSOR, AssembledAttention.FRAME);
    code.add(AssembledAttention.CURSOR, AttentionFrame.CONVERTED);
    code.move(AssembledAttention.TEMPORARY, AssembledAttention.BLOCK);
    code.add(AssembledAttention.TEMPORARY, layout.keysOffset());
    if (format.scaleBytes() == 0) {
      convert(layout.shape().headElements() * POSITIONS / LANES);
    } else {
      convertKeys();
      convertValues();
    }
    code.move(AssembledAttention.BLOCK, AssembledAttention.FRAME);
    code.add(AssembledAttention.BLOCK, AttentionFrame.CONVERTED);
  }

  /** Loads the scales of a group of keys, if they have any. */
  void beginKeyGroup(int group) {
    if (hasScales()) {
      keyScales(group);
    }
  }

  private void keyScales(int group) {
    int from = group * POSITIONS * Short.BYTES;
    code.vector(VectorOp.F16_TO_F32, KEY_SCALES[0], at(AssembledAttention.BLOCK, from));
    code.vector(VectorOp.F16_TO_F32, KEY_SCALES[1], at(AssembledAttention.BLOCK, from + 32));
    ahead(AssembledAttention.BLOCK, from);
  }

  /** Turns the scales of values into F32. */
  private void valueScales() {
    int vectors = KvLayout.groups(layout.valueLength()) * POSITIONS / LANES;
    for (int i = 0; i < vectors; i++) {
      int from = layout.valueScalesOffset() + i * LANES * Short.BYTES;
      int to = AttentionFrame.VALUE_SCALES + i * LANES * Float.BYTES;
      code.vector(VectorOp.F16_TO_F32, 0, at(AssembledAttention.BLOCK, from));
      code.vector(VectorOp.STORE, 0, at(AssembledAttention.FRAME, to));
      ahead(AssembledAttention.BLOCK, from);
    }
  }

  private void convert(int vectors) {
    int bytes = LANES * format.elementBytes();
    code.move(AssembledAttention.LEFT, vectors / UNROLLED);
    int loop = code.position();
    for (int i = 0; i < UNROLLED; i++) {
      plain(i, AssembledAttention.TEMPORARY, i * bytes);
      store(i, i);
      ahead(AssembledAttention.TEMPORARY, i * bytes);
    }
    next(UNROLLED * bytes, UNROLLED, loop);
  }

  private void convertKeys() {
    int length = layout.keyLength();
    for (int first = 0; first < length; first += KvLayout.GROUP) {
      keyScales(first / KvLayout.GROUP);
      code.move(AssembledAttention.LEFT, Math.min(KvLayout.GROUP, length - first) * 2 / UNROLLED);
      int loop = code.position();
      for (int i = 0; i < UNROLLED; i++) {
        plain(i, AssembledAttention.TEMPORARY, i * LANES);
        code.vector(VectorOp.MULTIPLY_F32, i, i, KEY_SCALES[i % 2]);
        store(i, i);
        ahead(AssembledAttention.TEMPORARY, i * LANES);
      }
      next(UNROLLED * LANES, UNROLLED, loop);
    }
  }

  private void convertValues() {
    int vectors = layout.valueLength() / LANES;
    code.move(AssembledAttention.FACTORS, AssembledAttention.FRAME);
    code.move(AssembledAttention.LEFT, POSITIONS);
    int loop = code.position();
    for (int i = 0; i < vectors; i++) {
      int register = i % UNROLLED;
      plain(register, AssembledAttention.TEMPORARY, i * LANES);
      scaleValue(register, i);
      store(register, i);
      ahead(AssembledAttention.TEMPORARY, i * LANES);
    }
    code.add(AssembledAttention.FACTORS, Float.BYTES);
    next(vectors * LANES, vectors, loop);
  }

  private void store(int from, int vector) {
    code.vector(VectorOp.STORE, from, at(AssembledAttention.CURSOR, vector * LANES * Float.BYTES));
  }

  private void next(int bytes, int vectors, int loop) {
    code.add(AssembledAttention.TEMPORARY, bytes);
    code.add(AssembledAttention.CURSOR, vectors * LANES * Float.BYTES);
    code.decrement(AssembledAttention.LEFT);
    code.jumpIfNotZero(loop);
  }

  /** One element of the keys of 16 positions: the first of a block's or the last. */
  void key(int to, Register from, int displacement, boolean last) {
    int second = last ? LANES * elementBytes() : 0;
    element(to, from, displacement + second);
    if (hasScales()) {
      code.vector(VectorOp.MULTIPLY_F32, to, to, KEY_SCALES[last ? 1 : 0]);
    }
  }

  /**
   * 16 elements of a position's value.
   *
   * @param vector which of the value's; the position is where {@link AssembledAttention#FACTORS}
   *     stands
   */
  void value(int to, Register from, int displacement, int vector) {
    element(to, from, displacement);
    if (hasScales()) {
      scaleValue(to, vector);
    }
  }

  private void scaleValue(int register, int vector) {
    int scale = AttentionFrame.VALUE_SCALES + vector * LANES / KvLayout.GROUP * GROUP_BYTES;
    code.vector(VectorOp.MULTIPLY_F32, register, register, each(AssembledAttention.FACTORS, scale));
  }

  private void element(int to, Register from, int displacement) {
    if (converts) {
      code.vector(VectorOp.MOVE, to, at(from, displacement));
    } else {
      plain(to, from, displacement);
    }
  }

  /** 16 elements as F32, without their scales. */
  private void plain(int to, Register from, int displacement) {
    switch (format) {
      case F32 -> code.vector(VectorOp.MOVE, to, at(from, displacement));
      case F16 -> code.vector(VectorOp.F16_TO_F32, to, at(from, displacement));
      case BF16 -> {
        code.vector(VectorOp.UINT16_TO_INT32, to, at(from, displacement));
        code.shift(ShiftOp.LEFT_INT32, to, to, 16);
      }
      case Q8_0 -> {
        code.vector(VectorOp.INT8_TO_INT32, to, at(from, displacement));
        code.vector(VectorOp.INT32_TO_F32, to, to);
      }
    }
  }

  /** Asks for what stands at the same place in the next block, unless a conversion did. */
  void prefetch(Register from, int displacement, int bytes) {
    for (int line = 0; !converts && line < bytes; line += LINE_BYTES) {
      ahead(from, displacement + line);
    }
  }

  private void ahead(Register from, int displacement) {
    if (displacement % LINE_BYTES == 0) {
      code.prefetchToSecondLevel(at(from, AssembledAttention.AHEAD, 1, displacement));
    }
  }
}
