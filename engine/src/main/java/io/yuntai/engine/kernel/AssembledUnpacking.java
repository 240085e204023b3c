package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * The part of machine code that brings codes, scales and minima of 16 rows and 32 columns of a
 * {@link PackedMatrix} into registers. It needs {@link #BLOCK}, {@link #CODES} and, where groups
 * have scales of their own, {@link #GROUP_SCALES} to point at them.
 */
final class AssembledUnpacking {
  /** Vectors of four columns in 32. */
  static final int QUADS = 8;

  /** Bytes of a vector. */
  static final int LINE_BYTES = 64;

  /**
   * How far ahead of its use a line of weights is asked for: 56 lines, more than a core has on
   * their way at a time, and so into the second cache, since the first one waits for 16 only. From
   * memory on two threads (Q4_1, one token) 30.0 -> 33.0 GB/s against 2,048 bytes and the first
   * cache; a loop that only reads gets 37.
   */
  private static final int PREFETCH_BYTES = 3584;

  /** Where the block starts. */
  static final Register BLOCK = Register.RAX;

  /** Where the codes of 32 rows and these 32 columns start. */
  static final Register CODES = Register.R10;

  /** Where the scales of the first group in these 32 columns start. */
  static final Register GROUP_SCALES = Register.RBX;

  /** The first of eight vectors of codes. */
  static final int QUAD = 16;

  /** The first of two vectors of scales. */
  static final int SCALE = 26;

  /** The first of two vectors of minima. */
  static final int MINIMUM = 28;

  /** Holds nothing between two groups. */
  static final int WORK = 24;

  /** What scales are multiplied with; only formats without minima need it. */
  private static final int FACTOR = 28;

  /** The bit by which signed and unsigned codes differ; only for signed codes without minima. */
  private static final int SIGN = 29;

  private static final int CODE_MASK = 30;
  private static final int PLANE_MASK = 31;

  private static final int ONES = 0x01010101;
  private static final int SIGN_BITS = 0x80808080;

  // Truth tables of Assembler.ternaryLogic.
  private static final int AND_THEN_XOR = 0x6A;
  private static final int XOR_AND = 0x78;

  private final Assembler code;
  private final PackedMatrix matrix;
  private final boolean signed;

  /**
   * @param signedCodes whether codes without a minimum become signed; else they stay unsigned, 128
   *     above their value
   */
  AssembledUnpacking(Assembler code, PackedMatrix matrix, boolean signedCodes) {
    this.code = code;
    this.matrix = matrix;
    this.signed = signedCodes && !matrix.hasMin();
  }

  /** Groups with scales of their own in 32 columns. */
  int parts() {
    return CODE_COLUMNS / matrix.groupSize();
  }

  /** Fills the registers that stay the same throughout. */
  void constants() {
    int shift = matrix.codeShift();
    constant(CODE_MASK, (15 << shift) * ONES);
    if (shift > 0) {
      constant(FACTOR, Float.floatToRawIntBits(1f / (1 << shift)));
    }
    int bits = matrix.form().bits();
    if (bits == 5 || bits == 6) {
      constant(PLANE_MASK, (((1 << bits) - 16) << shift) * ONES);
    }
    if (signed) {
      constant(SIGN, SIGN_BITS);
    }
  }

  private void constant(int register, int bits) {
    code.move(BLOCK, bits);
    code.broadcast(register, BLOCK);
  }

  /** Asks for codes of 32 rows and 32 columns that come later. */
  void prefetch() {
    prefetch(CODES, 2 * matrix.vectorBytes());
  }

  /** Asks for what comes before the codes in a block that comes later. */
  void prefetchScales() {
    prefetch(BLOCK, matrix.codesOffset());
  }

  private void prefetch(Register from, int bytes) {
    for (int at = 0; at < bytes; at += LINE_BYTES) {
      code.prefetchToSecondLevel(at(from, PREFETCH_BYTES + at));
    }
  }

  /** Codes times 2^{@link PackedMatrix#codeShift}, as eight vectors. */
  void codes(int half) {
    int from = half * matrix.vectorBytes();
    if (matrix.form() == PackedMatrix.Form.BYTES) {
      for (int quad = 0; quad < QUADS; quad++) {
        if (signed) {
          code.vector(VectorOp.XOR, QUAD + quad, SIGN, at(CODES, from + quad * LINE_BYTES));
        } else {
          code.vector(VectorOp.MOVE, QUAD + quad, at(CODES, from + quad * LINE_BYTES));
        }
      }
      return;
    }
    int shift = matrix.codeShift();
    for (int quad = 0; quad < 4; quad++) {
      masked(QUAD + quad, from + quad * LINE_BYTES, shift);
      masked(QUAD + quad + 4, from + quad * LINE_BYTES, shift - 4);
    }
    int planeBits = matrix.form().bits() - 4;
    for (int quad = 0; planeBits > 0 && quad < QUADS; quad++) {
      int perPlane = 8 / planeBits;
      int plane = from + (4 + quad / perPlane) * LINE_BYTES;
      shifted(WORK, plane, 4 + shift - quad % perPlane * planeBits);
      code.ternaryLogic(QUAD + quad, WORK, PLANE_MASK, XOR_AND);
    }
  }

  private void masked(int to, int from, int left) {
    if (signed) {
      shifted(to, from, left);
      code.ternaryLogic(to, CODE_MASK, SIGN, AND_THEN_XOR);
    } else if (left == 0) {
      code.vector(VectorOp.AND, to, CODE_MASK, at(CODES, from));
    } else {
      shifted(to, from, left);
      code.vector(VectorOp.AND, to, to, CODE_MASK);
    }
  }

  private void shifted(int to, int from, int left) {
    if (left == 0) {
      code.vector(VectorOp.MOVE, to, at(CODES, from));
    } else if (left > 0) {
      code.shift(ShiftOp.LEFT_INT16, to, at(CODES, from), left);
    } else {
      code.shift(ShiftOp.RIGHT_INT16, to, at(CODES, from), -left);
    }
  }

  /** Scales times 2^-{@link PackedMatrix#codeShift}, and minima, for each part of 32 columns. */
  void scales(int half) {
    int row = half * VECTOR_ROWS;
    for (int part = 0; part < parts(); part++) {
      blockScale(SCALE + part, row * matrix.scaleBytes());
      if (matrix.codeShift() > 0) {
        code.vector(VectorOp.MULTIPLY_F32, SCALE + part, SCALE + part, FACTOR);
      }
      if (matrix.hasMin()) {
        blockScale(MINIMUM + part, matrix.minimaOffset() + row * matrix.scaleBytes());
      }
      if (matrix.hasGroupScales()) {
        groupScale(SCALE + part, part * TILE_ROWS + row);
        if (matrix.hasMin()) {
          int minima = matrix.groupMinimaOffset() - matrix.groupScalesOffset();
          groupScale(MINIMUM + part, minima + part * TILE_ROWS + row);
        }
      }
    }
  }

  private void blockScale(int to, int from) {
    VectorOp op = matrix.scaleBytes() == 2 ? VectorOp.F16_TO_F32 : VectorOp.MOVE;
    code.vector(op, to, at(BLOCK, from));
  }

  private void groupScale(int to, int from) {
    code.vector(VectorOp.INT8_TO_INT32, WORK, at(GROUP_SCALES, from));
    code.vector(VectorOp.INT32_TO_F32, WORK, WORK);
    code.vector(VectorOp.MULTIPLY_F32, to, to, WORK);
  }
}
