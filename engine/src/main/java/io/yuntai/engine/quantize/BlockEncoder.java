package io.yuntai.engine.quantize;

import io.yuntai.engine.quant.TensorType;

/**
 * Floats to the blocks of one tensor type; the layouts are those of {@link
 * io.yuntai.engine.quant.BlockFormat}. Has working space of its own, so one thread at a time.
 *
 * <p>Blocks keep their scales as F16, which ends at 65,504: values that ask for a larger one are an
 * {@link ArithmeticException}. Values must be finite.
 */
interface BlockEncoder {
  /**
   * Encodes one block.
   *
   * @param x the values, from index {@code from} on
   * @param target receives the block from index {@code to} on
   */
  void encode(float[] x, int from, byte[] target, int to);

  /**
   * The encoder of a type.
   *
   * @throws IllegalArgumentException for a type that is only read
   */
  static BlockEncoder of(TensorType type) {
    return switch (type) {
      case F32 -> PlainEncoders::f32;
      case F16 -> PlainEncoders::f16;
      case BF16 -> PlainEncoders::bf16;
      case Q8_0 -> new Q8_0Encoder();
      case Q4_0 -> new SymmetricEncoder(4);
      case Q5_0 -> new SymmetricEncoder(5);
      case Q4_1 -> new AffineEncoder(4);
      case Q5_1 -> new AffineEncoder(5);
      case Q4_K -> new KEncoder(4);
      case Q5_K -> new KEncoder(5);
      case Q6_K -> new Q6_KEncoder();
      case Q2_K, Q3_K, IQ4_NL, IQ4_XS, MXFP4 ->
          throw new IllegalArgumentException(type + " is read, but not written");
    };
  }

  /** Whether {@link #of} has an encoder. */
  static boolean writes(TensorType type) {
    return switch (type) {
      case F32, F16, BF16, Q8_0, Q4_0, Q5_0, Q4_1, Q5_1, Q4_K, Q5_K, Q6_K -> true;
      case Q2_K, Q3_K, IQ4_NL, IQ4_XS, MXFP4 -> false;
    };
  }
}
