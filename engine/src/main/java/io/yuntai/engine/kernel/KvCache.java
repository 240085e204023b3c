package io.yuntai.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values of all layers in blocks of {@link #BLOCK_TOKENS} positions.
 *
 * <p>A block holds, layer after layer and head after head, the keys as {@code [element][position]},
 * so that a score's lanes are positions, and the values as {@code [position][element]}, so that a
 * result's lanes are elements. Memory of a block is taken when it is first written. Which sequence
 * owns a block is the caller's business.
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

  private final Format format;
  private final KvShape shape;
  private final long blockBytes;
  private final MemorySegment[] blocks;
  private final Arena arena = Arena.ofShared();

  /**
   * @param shape what is held of each position
   * @param blocks number of blocks
   * @param format element type
   */
  public KvCache(KvShape shape, int blocks, Format format) {
    this.format = format;
    this.shape = shape;
    this.blockBytes = blockBytes(shape, format);
    this.blocks = new MemorySegment[blocks];
    java.util.Arrays.fill(this.blocks, MemorySegment.NULL);
  }

  /** Bytes of one block for the given shape. */
  public static long blockBytes(KvShape shape, Format format) {
    return shape.elements() * BLOCK_TOKENS * format.bytes();
  }

  /** Number of blocks. */
  public int blocks() {
    return blocks.length;
  }

  Format format() {
    return format;
  }

  int keyLength() {
    return shape.keyLength();
  }

  int valueLength() {
    return shape.valueLength();
  }

  boolean valueInKey() {
    return shape.valueInKey();
  }

  MemorySegment block(int index) {
    return blocks[index];
  }

  /** Where a head's keys start in a block; its values follow at {@link #valueOffset}. */
  long keyOffset(int layer, int head) {
    return (long) (layer * shape.heads() + head)
        * shape.headElements()
        * BLOCK_TOKENS
        * format.bytes();
  }

  long valueOffset(int layer, int head) {
    return keyOffset(layer, head) + (long) shape.keyLength() * BLOCK_TOKENS * format.bytes();
  }

  /**
   * Takes memory for the blocks of a batch that have none yet; before any {@link #write} to them.
   */
  public void prepare(int block) {
    if (blocks[block].byteSize() == 0) {
      blocks[block] = arena.allocate(blockBytes, 64);
    }
  }

  /** Stores one position's key and value of one head; no value where it is part of the key. */
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
    long keys = keyOffset(layer, head);
    long values = valueOffset(layer, head);
    int valueLength = shape.valueInKey() ? 0 : shape.valueLength();
    if (format == Format.F32) {
      for (int i = 0; i < shape.keyLength(); i++) {
        memory.set(FLOAT, keys + 4L * (i * BLOCK_TOKENS + slot), key[keyOffset + i]);
      }
      MemorySegment.copy(
          value, valueOffset, memory, FLOAT, values + 4L * slot * valueLength, valueLength);
    } else {
      for (int i = 0; i < shape.keyLength(); i++) {
        memory.set(SHORT, keys + 2L * (i * BLOCK_TOKENS + slot), half(key[keyOffset + i]));
      }
      for (int i = 0; i < valueLength; i++) {
        memory.set(SHORT, values + 2L * (slot * valueLength + i), half(value[valueOffset + i]));
      }
    }
  }

  /** The nearest F16; what is larger than F16 can hold becomes its largest, not infinity. */
  private static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -MAX_F16, MAX_F16));
  }

  /** One element of a key, as F32. */
  float key(int block, int slot, int layer, int head, int element) {
    return element(block, keyOffset(layer, head), element * BLOCK_TOKENS + slot);
  }

  /** One element of a value, as F32. */
  float value(int block, int slot, int layer, int head, int element) {
    return shape.valueInKey()
        ? key(block, slot, layer, head, element)
        : element(block, valueOffset(layer, head), slot * shape.valueLength() + element);
  }

  private float element(int block, long offset, int index) {
    return format == Format.F32
        ? blocks[block].get(FLOAT, offset + 4L * index)
        : Float.float16ToFloat(blocks[block].get(SHORT, offset + 2L * index));
  }

  @Override
  public void close() {
    arena.close();
  }
}
