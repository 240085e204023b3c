package io.yuntai.engine.kernel;

import static io.yuntai.engine.kernel.KvLayout.GROUP;
import static io.yuntai.engine.kernel.Lanes.BITS;
import static io.yuntai.engine.kernel.Lanes.FLOATS;
import static io.yuntai.engine.kernel.Lanes.FLOAT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** A head's keys and values of one block, turned into F32. */
final class VectorKeyValues {
  private static final int POSITIONS = KvCache.BLOCK_TOKENS;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Codes of one vector of numbers, or of two where the least vector has so many. */
  private static final VectorSpecies<Byte> BYTES =
      VectorShape.forBitSize(Math.max(64, BITS / 4)).withLanes(byte.class);

  private static final int BYTE_LANES = Math.max(64, BITS / 4) / Byte.SIZE;

  /** From one element of a position's key to the following ones. */
  private static final int[] NEXT_ELEMENTS = nextElements();

  private VectorKeyValues() {}

  /** Whether a block must be converted before it can be read as F32. */
  static boolean needed(KvLayout layout) {
    return layout.valueInKey() || layout.format() != KvCache.Format.F32;
  }

  /**
   * Converts a head of a block.
   *
   * @param start where what belongs to the head starts
   * @param scratch its {@code keyValues} get keys as {@code [element][position]}, then values as
   *     {@code [position][element]}
   */
  static void convert(MemorySegment from, long start, KvLayout layout, KernelScratch scratch) {
    MemorySegment to = scratch.keyValues;
    int keys = layout.keyLength() * POSITIONS;
    long elements = start + layout.keysOffset();
    int stored = layout.shape().headElements() * POSITIONS;
    switch (layout.format()) {
      case F32 -> MemorySegment.copy(from, elements, to, 0, 4L * stored);
      case F16 -> {
        for (int i = 0; i < stored; i += FLOAT_LANES) {
          Unpacker.half(from, elements + 2L * i).intoMemorySegment(to, 4L * i, LITTLE_ENDIAN);
        }
      }
      case BF16 -> {
        for (int i = 0; i < stored; i += FLOAT_LANES) {
          Unpacker.upperHalf(from, elements + 2L * i).intoMemorySegment(to, 4L * i, LITTLE_ENDIAN);
        }
      }
      case Q8_0 -> {
        keyCodes(from, start, elements, layout.keyLength(), to);
        if (!layout.valueInKey()) {
          long scales = start + layout.valueScalesOffset();
          valueCodes(from, scales, start + layout.valuesOffset(), layout.valueLength(), to, keys);
        }
      }
    }
    if (layout.valueInKey()) {
      int length = layout.valueLength();
      transpose(to, length, 4L * keys, scratch.keys(length * POSITIONS));
    }
  }

  private static void keyCodes(
      MemorySegment from, long scales, long codes, int length, MemorySegment to) {
    for (int first = 0; first < length; first += GROUP) {
      int end = Math.min(first + GROUP, length);
      for (int lane = 0; lane < POSITIONS; lane += FLOAT_LANES) {
        FloatVector scale = Unpacker.half(from, scales + 2L * (first + lane));
        int part = lane % BYTE_LANES / FLOAT_LANES;
        for (int e = first; e < end; e++) {
          int at = e * POSITIONS + lane;
          ByteVector code =
              ByteVector.fromMemorySegment(
                  BYTES, from, codes + at - (long) part * FLOAT_LANES, LITTLE_ENDIAN);
          ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, part))
              .mul(scale)
              .intoMemorySegment(to, 4L * at, LITTLE_ENDIAN);
        }
      }
    }
  }

  private static void valueCodes(
      MemorySegment from, long scales, long codes, int length, MemorySegment to, int offset) {
    for (int position = 0; position < POSITIONS; position++) {
      for (int first = 0; first < length; first += GROUP) {
        short half = from.get(ValueLayout.JAVA_SHORT_UNALIGNED, scales + 2L * (first + position));
        float scale = Float.float16ToFloat(half);
        int end = Math.min(first + GROUP, length);
        int e = first;
        for (; e + BYTE_LANES <= end; e += BYTE_LANES) {
          int at = position * length + e;
          ByteVector code = ByteVector.fromMemorySegment(BYTES, from, codes + at, LITTLE_ENDIAN);
          for (int part = 0; part < BYTE_LANES / FLOAT_LANES; part++) {
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, part))
                .mul(scale)
                .intoMemorySegment(to, 4L * (offset + at + part * FLOAT_LANES), LITTLE_ENDIAN);
          }
        }
        for (; e < end; e++) {
          int at = position * length + e;
          float code = from.get(ValueLayout.JAVA_BYTE, codes + at);
          to.set(FLOAT, 4L * (offset + at), code * scale);
        }
      }
    }
  }

  /** The first elements of keys once more as values. */
  private static void transpose(MemorySegment memory, int elements, long to, float[] keys) {
    MemorySegment.copy(memory, FLOAT, 0, keys, 0, elements * POSITIONS);
    int whole = FLOATS.loopBound(elements);
    for (int i = 0; i < POSITIONS; i++) {
      for (int e = 0; e < whole; e += FLOAT_LANES) {
        FloatVector.fromArray(FLOATS, keys, e * POSITIONS + i, NEXT_ELEMENTS, 0)
            .intoMemorySegment(memory, to + 4L * (i * elements + e), LITTLE_ENDIAN);
      }
      for (int e = whole; e < elements; e++) {
        memory.set(FLOAT, to + 4L * (i * elements + e), keys[e * POSITIONS + i]);
      }
    }
  }

  private static int[] nextElements() {
    int[] places = new int[FLOAT_LANES];
    for (int lane = 0; lane < places.length; lane++) {
      places[lane] = lane * POSITIONS;
    }
    return places;
  }
}
