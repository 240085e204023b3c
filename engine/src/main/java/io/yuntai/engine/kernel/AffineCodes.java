package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.kernel.AssembledUnpacking.CODES;
import static io.yuntai.engine.kernel.AssembledUnpacking.LINE_BYTES;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUAD;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUADS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * The part of machine code that unpacks the codes of 16 rows and 32 columns into memory with affine
 * transformations of bytes' bits: one instruction takes a code's bits from where they stand to
 * where they belong and flips the sign, where shifting and masking are two.
 */
final class AffineCodes {
  /** Bits of a nibble. */
  private static final int NIBBLE = 4;

  private static final int SIGN = 0x80;

  private static final int PLANE = AssembledUnpacking.SCALE;
  private static final int UPPER = AssembledUnpacking.WORK;

  private final Assembler code;
  private final PackedMatrix matrix;
  private final AssembledUnpacking unpacking;

  /** Where the matrices stand, from RSP on. */
  private final int matrices;

  /**
   * @param unpacking of the same matrix, for codes that need no transformation
   * @param matrices where there is room for {@link #MATRIX_BYTES} in the frame, from RSP on
   */
  AffineCodes(Assembler code, PackedMatrix matrix, AssembledUnpacking unpacking, int matrices) {
    this.code = code;
    this.matrix = matrix;
    this.unpacking = unpacking;
    this.matrices = matrices;
  }

  /** Room for the matrices of any format. */
  static final int MATRIX_BYTES = (2 + QUADS) * Long.BYTES;

  private int planeBits() {
    return matrix.form().bits() - NIBBLE;
  }

  /** Quads with upper bits in one vector. */
  private int perPlane() {
    return 8 / planeBits();
  }

  /** Writes the matrices into the frame. */
  void constants(Register temporary) {
    int shift = matrix.codeShift();
    for (int half = 0; half < 2; half++) {
      put(half, bits(half * NIBBLE, shift, NIBBLE), temporary);
    }
    int planeBits = planeBits();
    for (int place = 0; planeBits > 0 && place < perPlane(); place++) {
      put(2 + place, bits(place * planeBits, NIBBLE + shift, planeBits), temporary);
    }
  }

  /** The matrix that takes some bits from a place in a byte to another. */
  private static long bits(int from, int to, int count) {
    long matrix = 0;
    for (int bit = 0; bit < count; bit++) {
      matrix |= 1L << (8 * (7 - (to + bit)) + from + bit);
    }
    return matrix;
  }

  private void put(int index, long value, Register temporary) {
    for (int half = 0; half < 2; half++) {
      code.move(temporary, (int) (value >>> (Integer.SIZE * half)));
      int to = matrices + index * Long.BYTES + half * Integer.BYTES;
      code.store32(at(Register.RSP, to), temporary);
    }
  }

  /** Unpacks 16 rows and 32 columns; {@link AssembledUnpacking#CODES} points at their codes. */
  void unpack(Register to) {
    if (matrix.form() == PackedMatrix.Form.BYTES) {
      unpacking.codes(0);
    } else {
      boolean flips = !matrix.hasMin();
      nibbles(flips && planeBits() == 0);
      if (planeBits() > 0) {
        planes(flips);
      }
    }
    for (int quad = 0; quad < QUADS; quad++) {
      code.vector(VectorOp.STORE, QUAD + quad, at(to, quad * LINE_BYTES));
    }
  }

  private void nibbles(boolean flips) {
    for (int low = 0; low < QUADS / 2; low++) {
      load(QUAD + low, low);
      affine(QUAD + low + QUADS / 2, QUAD + low, 1, flips);
      affine(QUAD + low, QUAD + low, 0, flips);
    }
  }

  private void planes(boolean flips) {
    for (int quad = 0; quad < QUADS; quad++) {
      if (quad % perPlane() == 0) {
        load(PLANE, QUADS / 2 + quad / perPlane());
      }
      affine(UPPER, PLANE, 2 + quad % perPlane(), flips);
      code.vector(VectorOp.OR, QUAD + quad, QUAD + quad, UPPER);
    }
  }

  private void load(int to, int line) {
    code.vector(VectorOp.MOVE, to, at(CODES, line * LINE_BYTES));
  }

  private void affine(int to, int from, int which, boolean flips) {
    code.affine(to, from, at(Register.RSP, matrices + which * Long.BYTES), flips ? SIGN : 0);
  }
}
