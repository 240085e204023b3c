package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Keys and values of all layers in blocks of {@link #BLOCK_TOKENS} positions.
 *
 * <p>{@link KvLayout} says where what lies. Memory of a block is taken when it is first written.
 * Which sequence owns a block is the caller's business.
 */
public final class KvCache implements AutoCloseable {
  /** Positions in one block. */
  public static final int BLOCK_TOKENS = 32;

  /** Element type of keys and values. */
  public enum Format {
    F32(4),
    F16(2);

    private final int bytes;

    Format(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  private static final float MAX_F16 = 65504;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final KvLayout layout;
  private final MemorySegment[] blocks;
  private final Arena arena = Arena.ofShared();

  /**
   * @param shape what is held of each position
   * @param blocks number of blocks
   * @param format element type
   */
  public KvCache(KvShape shape, int blocks, Format format) {
    this.layout = new KvLayout(shape, format);
    this.blocks = new MemorySegment[blocks];
    Arrays.fill(this.blocks, MemorySegment.NULL);
  }

  /** Bytes of one block for the given shape. */
  public static long blockBytes(KvShape shape, Format format) {
    return new KvLayout(shape, format).blockBytes();
  }

  /** Number of blocks. */
  public int blocks() {
    return blocks.length;
  }

  KvLayout layout() {
    return layout;
  }

  MemorySegment block(int index) {
    return blocks[index];
  }

  /**
   * Takes memory for the blocks of a batch that have none yet; before any {@link #write} to them.
   */
  public void prepare(int block) {
    if (blocks[block].byteSize() == 0) {
      blocks[block] = arena.allocate(layout.blockBytes(), 64);
    }
  }

  /**
   * Stores one position's key and value of one head.
   *
   * @param value ignored where a value is part of its key
   */
  public void write(
      int block,
      int slot,
      int layer,
      int head,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset) {
    MemorySegment memory = blocks[block];
    long keys = layout.keyOffset(layer, head);
    for (int i = 0; i < layout.keyLength(); i++) {
      set(memory, keys, i * BLOCK_TOKENS + slot, key[keyOffset + i]);
    }
    if (!layout.valueInKey()) {
      long values = layout.valueOffset(layer, head);
      for (int i = 0; i < layout.valueLength(); i++) {
        set(memory, values, slot * layout.valueLength() + i, value[valueOffset + i]);
      }
    }
  }

  private void set(MemorySegment memory, long offset, int index, float value) {
    switch (layout.format()) {
      case F32 -> memory.set(FLOAT, offset + 4L * index, value);
      case F16 -> memory.set(SHORT, offset + 2L * index, half(value));
    }
  }

  /** The nearest F16; what is larger than F16 can hold becomes its largest, not infinity. */
  private static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -MAX_F16, MAX_F16));
  }

  /** One element of a key, as F32. */
  float key(int block, int slot, int layer, int head, int element) {
    return element(block, layout.keyOffset(layer, head), element * BLOCK_TOKENS + slot);
  }

  /** One element of a value, as F32. */
  float value(int block, int slot, int layer, int head, int element) {
    return layout.valueInKey()
        ? key(block, slot, layer, head, element)
        : element(block, layout.valueOffset(layer, head), slot * layout.valueLength() + element);
  }

  private float element(int block, long offset, int index) {
    return switch (layout.format()) {
      case F32 -> blocks[block].get(FLOAT, offset + 4L * index);
      case F16 -> Float.float16ToFloat(blocks[block].get(SHORT, offset + 2L * index));
    };
  }

  @Override
  public void close() {
    arena.close();
  }
}
