package io.yuntai.engine.kernel;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.BlockFormat;
import io.yuntai.engine.quant.BlockScales;
import io.yuntai.engine.quant.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

/** Tensors of random bytes that mean finite numbers of moderate size. */
public final class RandomTensors {
  private static final float MAX_SCALE = 100;

  private RandomTensors() {}

  /** A matrix of a type, as it would stand in a file. */
  public static TensorInfo matrix(TensorType type, int rows, int columns, Random random) {
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(columns) * rows, 8);
    type.blockFormat()
        .ifPresentOrElse(
            format -> fillBlocks(format, data, 0, random), () -> fillNumbers(type, data, random));
    return new TensorInfo("random", type, List.of((long) columns, (long) rows), 0, data);
  }

  /** A block-quantised matrix most of whose codes are the largest there are. */
  static TensorInfo largest(TensorType type, int rows, int columns, Random random) {
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(columns) * rows, 8);
    fillBlocks(type.blockFormat().orElseThrow(), data, 0.95, random);
    return new TensorInfo("largest", type, List.of((long) columns, (long) rows), 0, data);
  }

  /**
   * @param ones share of bytes whose bits are all set
   */
  private static void fillBlocks(
      BlockFormat format, MemorySegment data, double ones, Random random) {
    byte[] bytes = new byte[format.bytes()];
    byte[] codes = new byte[format.elements()];
    BlockScales scales = new BlockScales();
    for (long at = 0; at < data.byteSize(); at += bytes.length) {
      do {
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = random.nextDouble() < ones ? -1 : bytes[i];
        }
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, at, bytes.length);
        format.unpack(data, at, codes, 0, scales);
      } while (!moderate(scales.scale) || !moderate(scales.minimum));
    }
  }

  private static boolean moderate(float scale) {
    return Math.abs(scale) < MAX_SCALE;
  }

  private static void fillNumbers(TensorType type, MemorySegment data, Random random) {
    int bytes = type.bytesPerBlock();
    for (long at = 0; at < data.byteSize(); at += bytes) {
      float value = (float) random.nextGaussian();
      switch (type) {
        case F16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
        case BF16 ->
            data.set(
                ValueLayout.JAVA_SHORT_UNALIGNED,
                at,
                (short) (Float.floatToRawIntBits(value) >>> 16));
        default -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
      }
    }
  }
}
