package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.KvLayout.GROUP;

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

  /** How an element of a key or value is stored. */
  public enum Format {
    F32("f32", Float.BYTES, 0),
    /** The nearest; what is larger than F16 can hold becomes its largest, not infinity. */
    F16("f16", Short.BYTES, 0),
    /** The nearest, ties to even; likewise never infinity. */
    BF16("bf16", Short.BYTES, 0),
    /**
     * A code of -127 to 127 times a scale that 32 elements of a head at one position share: the F16
     * that is nearest to {@code max|x| / 127}. The code is {@code x / scale}, rounded half to even;
     * the product of code and scale is exact in F32.
     */
    Q8_0("q8_0", Byte.BYTES, Short.BYTES);

    private final String label;
    private final int elementBytes;
    private final int scaleBytes;

    Format(String label, int elementBytes, int scaleBytes) {
      this.label = label;
      this.elementBytes = elementBytes;
      this.scaleBytes = scaleBytes;
    }

    /**
     * The format that commands call so.
     *
     * @throws IllegalArgumentException when there is none, naming those that there are
     */
    public static Format named(String label) {
      return Arrays.stream(values())
          .filter(format -> format.label.equals(label))
          .findAny()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "keys and values are stored as f32, f16, bf16 or q8_0, not as " + label));
    }

    /** What commands and logs call it. */
    public String label() {
      return label;
    }

    int elementBytes() {
      return elementBytes;
    }

    /** Bytes of a scale; 0 where there are none. */
    int scaleBytes() {
      return scaleBytes;
    }
  }

  /** Blocks take memory together, so that it may come in huge pages. */
  private static final long SLAB_BYTES = 16L << 20;

  private static final int MAX_CODE = 127;
  private static final float MAX_F16 = 65504;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final KvLayout layout;
  private final MemorySegment[] blocks;
  private final int slabBlocks;
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
    slabBlocks = (int) Math.max(1, SLAB_BYTES / layout.blockBytes());
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

  /** Bytes of one block. */
  public long blockBytes() {
    return layout.blockBytes();
  }

  /** Says how a block's bytes are to be read, in this version. */
  public String layoutText() {
    return "kv 1 " + layout;
  }

  /** Copies a block that was written as a whole. */
  public void copyOut(int block, MemorySegment to) {
    to.copyFrom(blocks[block]);
  }

  /** Writes a block as a whole, from a copy of one with the same layout. */
  public void copyIn(int block, MemorySegment from) {
    prepare(block);
    blocks[block].copyFrom(from);
  }

  MemorySegment block(int index) {
    return blocks[index];
  }

  /**
   * Takes memory for the blocks of a batch that have none yet; before any {@link #write} to them.
   */
  public void prepare(int block) {
    if (blocks[block].byteSize() == 0) {
      takeSlab(block / slabBlocks);
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
    long start = layout.headOffset(layer, head);
    long keys = start + layout.keysOffset() + (long) slot * layout.format().elementBytes();
    store(blocks[block], start, slot, keys, BLOCK_TOKENS, key, keyOffset, layout.keyLength());
    if (!layout.valueInKey()) {
      int length = layout.valueLength();
      long values = start + layout.valuesOffset();
      store(
          blocks[block],
          start + layout.valueScalesOffset(),
          slot,
          values + (long) slot * length * layout.format().elementBytes(),
          1,
          value,
          valueOffset,
          length);
    }
  }

  /**
   * Stores one key or value.
   *
   * @param scales where its kind's scales start, if it has any
   * @param to where its first element goes
   * @param stride elements from one of its elements to the next
   */
  private void store(
      MemorySegment memory,
      long scales,
      int slot,
      long to,
      int stride,
      float[] x,
      int offset,
      int length) {
    switch (layout.format()) {
      case F32 -> {
        for (int i = 0; i < length; i++) {
          memory.set(FLOAT, to + 4L * i * stride, x[offset + i]);
        }
      }
      case F16 -> {
        for (int i = 0; i < length; i++) {
          memory.set(SHORT, to + 2L * i * stride, half(x[offset + i]));
        }
      }
      case BF16 -> {
        for (int i = 0; i < length; i++) {
          memory.set(SHORT, to + 2L * i * stride, upperHalf(x[offset + i]));
        }
      }
      case Q8_0 -> {
        for (int first = 0; first < length; first += GROUP) {
          short scale = scale(x, offset + first, Math.min(GROUP, length - first));
          memory.set(SHORT, scales + 2L * (first / GROUP * BLOCK_TOKENS + slot), scale);
          float divisor = Float.float16ToFloat(scale);
          for (int i = first; i < Math.min(first + GROUP, length); i++) {
            memory.set(BYTE, to + (long) i * stride, code(x[offset + i], divisor));
          }
        }
      }
    }
  }

  private static short scale(float[] x, int offset, int count) {
    float max = 0;
    for (int i = offset; i < offset + count; i++) {
      max = Math.max(max, Math.abs(x[i]));
    }
    return half(max / MAX_CODE);
  }

  private static byte code(float x, float scale) {
    return scale == 0 ? 0 : (byte) Math.clamp(Math.rint(x / scale), -MAX_CODE, MAX_CODE);
  }

  private static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -MAX_F16, MAX_F16));
  }

  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > 0x7f80_0000) {
      return (short) ((bits >>> 16) | 0x40); // not a number, and still not one
    }
    int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
    boolean fits = magnitude < 0x7f7f_8000; // half a step above the largest
    return (short) (fits ? rounded >>> 16 : ((bits >>> 16) & 0x8000) | 0x7f7f);
  }

  /** One element of a key, as F32. */
  float key(int block, int slot, int layer, int head, int element) {
    long start = layout.headOffset(layer, head);
    return element(
        blocks[block],
        start + 2L * (element / GROUP * BLOCK_TOKENS + slot),
        start + layout.keysOffset(),
        element * BLOCK_TOKENS + slot);
  }

  /** One element of a value, as F32. */
  float value(int block, int slot, int layer, int head, int element) {
    if (layout.valueInKey()) {
      return key(block, slot, layer, head, element);
    }
    long start = layout.headOffset(layer, head);
    return element(
        blocks[block],
        start + layout.valueScalesOffset() + 2L * (element / GROUP * BLOCK_TOKENS + slot),
        start + layout.valuesOffset(),
        slot * layout.valueLength() + element);
  }

  private float element(MemorySegment memory, long scale, long elements, int index) {
    return switch (layout.format()) {
      case F32 -> memory.get(FLOAT, elements + 4L * index);
      case F16 -> Float.float16ToFloat(memory.get(SHORT, elements + 2L * index));
      case BF16 -> Float.intBitsToFloat(memory.get(SHORT, elements + 2L * index) << 16);
      case Q8_0 ->
          memory.get(BYTE, elements + index) * Float.float16ToFloat(memory.get(SHORT, scale));
    };
  }

  private void takeSlab(int slab) {
    int first = slab * slabBlocks;
    int count = Math.min(slabBlocks, blocks.length - first);
    long bytes = layout.blockBytes();
    MemorySegment memory = LargeMemory.allocate(count * bytes, arena);
    for (int i = 0; i < count; i++) {
      blocks[first + i] = memory.asSlice(i * bytes, bytes);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
