package io.yuntai.engine.kernel;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/** {@link Exponential#exp} as AVX-512 code within a kernel: 16 lanes, constants in registers. */
final class AssembledExponential {
  /** The first register that constants take; they end below {@link #END}. */
  private static final int LOG2_E = 16;

  private static final int ROUND = 17;
  private static final int LN2_HIGH = 18;
  private static final int LN2_LOW = 19;
  private static final int MIN = 20;
  private static final int POLYNOMIAL = 22;

  /** The constant 1, which kernels may use. */
  static final int ONE = 21;

  private static final float[] COEFFICIENTS = {
    Exponential.C7, Exponential.C6, Exponential.C5, Exponential.C4, Exponential.C3, Exponential.C2
  };

  /** The first register after the constants. */
  static final int END = POLYNOMIAL + COEFFICIENTS.length;

  /** Predicate of a comparison: not less than, or not a number. */
  private static final int NOT_LESS = 5;

  private final Assembler code;
  private final Register temporary;
  private final int mask;

  /**
   * @param temporary what constants pass through
   * @param mask a mask that each use overwrites
   */
  AssembledExponential(Assembler code, Register temporary, int mask) {
    this.code = code;
    this.temporary = temporary;
    this.mask = mask;
  }

  /** Fills all lanes of a register. */
  void constant(int register, float value) {
    code.move(temporary, Float.floatToRawIntBits(value));
    code.broadcast(register, temporary);
  }

  /** Loads the constants. */
  void constants() {
    constant(LOG2_E, Exponential.LOG2_E);
    constant(ROUND, Exponential.ROUND);
    constant(LN2_HIGH, -Exponential.LN2_HIGH);
    constant(LN2_LOW, -Exponential.LN2_LOW);
    constant(MIN, Exponential.MIN);
    constant(ONE, 1f);
    for (int i = 0; i < COEFFICIENTS.length; i++) {
      constant(POLYNOMIAL + i, COEFFICIENTS[i]);
    }
  }

  /**
   * Replaces a register by its exponential. The upper clamp is the caller's business.
   *
   * @param first the first of two registers for intermediate results
   */
  void exponential(int x, int first) {
    int shifted = first;
    int polynomial = first + 1;
    code.compare(mask, x, MIN, NOT_LESS);
    code.vector(VectorOp.MOVE, shifted, ROUND);
    code.vector(VectorOp.FMA_231_F32, shifted, x, LOG2_E);
    code.vector(VectorOp.SUBTRACT_F32, polynomial, shifted, ROUND);
    code.vector(VectorOp.FMA_231_F32, x, polynomial, LN2_HIGH);
    code.vector(VectorOp.FMA_231_F32, x, polynomial, LN2_LOW);
    code.vector(VectorOp.MOVE, polynomial, POLYNOMIAL);
    for (int i = 1; i < COEFFICIENTS.length; i++) {
      code.vector(VectorOp.FMA_213_F32, polynomial, x, POLYNOMIAL + i);
    }
    code.vector(VectorOp.FMA_213_F32, polynomial, x, ONE);
    code.vector(VectorOp.FMA_213_F32, polynomial, x, ONE);
    // The rounding constant's own bits leave on the left.
    code.shift(ShiftOp.LEFT_INT32, shifted, shifted, 23);
    code.zeroing(VectorOp.ADD_INT32, mask, x, polynomial, shifted);
  }
}
