package io.yuntai.engine.jit;

/**
 * The vector instructions that our kernels use, with their encodings (Intel 64 and IA-32
 * Architectures Software Developer's Manual, volume 2). VEX and EVEX share opcode map, prefix and
 * opcode.
 */
public enum VectorOp {
  MOVE(Map.M0F, Prefix.NONE, 0x10, Tuple.FULL),
  STORE(Map.M0F, Prefix.NONE, 0x11, Tuple.FULL),
  /** The first lane alone (EVEX only). */
  STORE_F32(Map.M0F, Prefix.F3, 0x11, Tuple.ELEMENT),
  ADD_F32(Map.M0F, Prefix.NONE, 0x58, Tuple.FULL),
  MULTIPLY_F32(Map.M0F, Prefix.NONE, 0x59, Tuple.FULL),
  INT32_TO_F32(Map.M0F, Prefix.NONE, 0x5B, Tuple.FULL),
  SUBTRACT_F32(Map.M0F, Prefix.NONE, 0x5C, Tuple.FULL),
  MIN_F32(Map.M0F, Prefix.NONE, 0x5D, Tuple.FULL),
  DIVIDE_F32(Map.M0F, Prefix.NONE, 0x5E, Tuple.FULL),
  MAX_F32(Map.M0F, Prefix.NONE, 0x5F, Tuple.FULL),
  /** Gives a mask (EVEX only). */
  COMPARE_F32(Map.M0F, Prefix.NONE, 0xC2, Tuple.FULL),
  /** Rounds half to even, as MXCSR stands by default. */
  F32_TO_INT32(Map.M0F, Prefix.P66, 0x5B, Tuple.FULL),
  /** The first element to memory. */
  STORE_ELEMENT(Map.M0F, Prefix.F3, 0x11, Tuple.ELEMENT),
  /** 32-bit elements of each 128 bits, by the immediate. */
  SHUFFLE_INT32(Map.M0F, Prefix.P66, 0x70, Tuple.FULL),
  AND(Map.M0F, Prefix.P66, 0xDB, Tuple.FULL),
  OR(Map.M0F, Prefix.P66, 0xEB, Tuple.FULL),
  XOR(Map.M0F, Prefix.P66, 0xEF, Tuple.FULL),
  /** Per int32 two products of int16, added. */
  MULTIPLY_ADD_INT16(Map.M0F, Prefix.P66, 0xF5, Tuple.FULL),
  SUBTRACT_INT32(Map.M0F, Prefix.P66, 0xFA, Tuple.FULL),
  ADD_INT16(Map.M0F, Prefix.P66, 0xFD, Tuple.FULL),
  ADD_INT32(Map.M0F, Prefix.P66, 0xFE, Tuple.FULL),
  /** Per int16 two products of an unsigned with a signed byte, added and saturated. */
  MULTIPLY_ADD_BYTES(Map.M0F38, Prefix.P66, 0x04, Tuple.FULL),
  BROADCAST_F32(Map.M0F38, Prefix.P66, 0x18, Tuple.ELEMENT),
  BROADCAST_INT32(Map.M0F38, Prefix.P66, 0x58, Tuple.ELEMENT),
  /** From a general register (EVEX only). */
  BROADCAST_REGISTER(Map.M0F38, Prefix.P66, 0x7C, Tuple.ELEMENT),
  F16_TO_F32(Map.M0F38, Prefix.P66, 0x13, Tuple.HALF),
  INT8_TO_INT32(Map.M0F38, Prefix.P66, 0x21, Tuple.QUARTER),
  /** Lower bytes to memory (EVEX only). */
  STORE_INT8(Map.M0F38, Prefix.F3, 0x31, Tuple.QUARTER),
  MIN_UINT32(Map.M0F38, Prefix.P66, 0x3B, Tuple.FULL),
  UINT16_TO_INT32(Map.M0F38, Prefix.P66, 0x33, Tuple.HALF),
  /** 32-bit elements from memory, each in the lower half of 64 bits. */
  UINT32_TO_INT64(Map.M0F38, Prefix.P66, 0x35, Tuple.HALF),
  /** Per lane four products of an unsigned with a signed byte, added to an int32. */
  DOT_BYTES(Map.M0F38, Prefix.P66, 0x50, Tuple.FULL),
  /** {@code a * 2^floor(b)}, exact but for the range (EVEX only). */
  SCALE_F32(Map.M0F38, Prefix.P66, 0x2C, Tuple.FULL),
  /** The exponent as a number, of numbers below F32's normal range too (EVEX only). */
  EXPONENT_F32(Map.M0F38, Prefix.P66, 0x42, Tuple.FULL),
  /** {@code a = b * c + a} with one rounding. */
  FMA_231_F32(Map.M0F38, Prefix.P66, 0xB8, Tuple.FULL),
  /** {@code a = b * a + c} with one rounding. */
  FMA_213_F32(Map.M0F38, Prefix.P66, 0xA8, Tuple.FULL),
  /** {@code a = b * a - c} with one rounding. */
  FMS_213_F32(Map.M0F38, Prefix.P66, 0xAA, Tuple.FULL),
  /** {@code a = b * a - c} in even lanes, {@code b * a + c} in odd ones, with one rounding. */
  FMA_SUB_ADD_213_F32(Map.M0F38, Prefix.P66, 0xA6, Tuple.FULL),
  /** By a mask (EVEX only). */
  BLEND_F32(Map.M0F38, Prefix.P66, 0x65, Tuple.FULL),
  /** To memory, with rounding by a control byte. */
  F32_TO_F16(Map.M0F3A, Prefix.P66, 0x1D, Tuple.HALF),
  /** The significand, in [1, 2) for the control byte 0 (EVEX only). */
  SIGNIFICAND_F32(Map.M0F3A, Prefix.P66, 0x26, Tuple.FULL),
  /** Moves elements within each quarter of 128 bits, by a control byte. */
  PERMUTE_F32(Map.M0F3A, Prefix.P66, 0x04, Tuple.FULL),
  /** Two quarters of each operand, by a control byte (EVEX only). */
  SHUFFLE_QUARTERS(Map.M0F3A, Prefix.P66, 0x23, Tuple.FULL),
  /** Any function of three bits, by the truth table in the immediate (EVEX only). */
  TERNARY_LOGIC(Map.M0F3A, Prefix.P66, 0x25, Tuple.FULL);

  /** Opcode maps. */
  enum Map {
    M0F(1),
    M0F38(2),
    M0F3A(3);

    final int number;

    Map(int number) {
      this.number = number;
    }
  }

  /** Mandatory prefixes. */
  enum Prefix {
    NONE(0),
    P66(1),
    F3(2),
    F2(3);

    final int number;

    Prefix(int number) {
      this.number = number;
    }
  }

  /** How much memory an instruction reads, which scales an EVEX displacement of one byte. */
  enum Tuple {
    FULL(1),
    HALF(2),
    QUARTER(4),
    ELEMENT(0);

    private final int divisor;

    Tuple(int divisor) {
      this.divisor = divisor;
    }

    int bytes(int vectorBytes) {
      return divisor == 0 ? Integer.BYTES : vectorBytes / divisor;
    }
  }

  final Map map;
  final Prefix prefix;
  final int opcode;
  final Tuple tuple;

  VectorOp(Map map, Prefix prefix, int opcode, Tuple tuple) {
    this.map = map;
    this.prefix = prefix;
    this.opcode = opcode;
    this.tuple = tuple;
  }
}
