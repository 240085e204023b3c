package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Address;
import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ScalarOp;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;
import io.yuntai.engine.kernel.Activations.Form;

/**
 * Machine code for {@link Kernels#storeRows} of codes with AVX-512.
 *
 * <p>The code is {@code void store(byte* codes, byte* scale, float* x, long from, long columnBytes,
 * long shape)}: where the first token's first codes and its first scale go; the bytes from {@code
 * x} to the first token's values (lower half of {@code from}) and from one token's values to the
 * next's (upper half); 4 times the bundle's number of tokens; and how many groups of 32 columns
 * there are (lower half) of how many tokens (upper half).
 *
 * <p>A processor divides 16 F32 in 16 cycles, but the first lane alone in 4. So codes are not
 * divided by their scale: of the scale's significand m, one division gives 1 / m, rounded once.
 * With it {@code q = x * (1 / m)} is off by an ulp or so, {@code r = x - q * m} is exact, and
 * {@code q + r * (1 / m)} is x / m as a division rounds it (Markstein, Computation of Elementary
 * Functions on the IBM RISC System/6000 Processor, 1990). Powers of two are taken out before, so
 * that no scale is too large or too small for that.
 */
final class AssembledStore {
  private static final Register VALUES = Register.RDX;
  private static final Register VALUES_BYTES = Register.RCX;
  private static final Register CODES = Register.RDI;
  private static final Register SCALE_AT = Register.RSI;
  private static final Register COLUMN_BYTES = Register.R8;
  private static final Register GROUPS = Register.R9;
  private static final Register GROUP_BYTES = Register.R10;
  private static final Register TEMPORARY = Register.RAX;
  private static final Register LOWER_CODES_BYTES = Register.R11;
  private static final Register TOKENS = Register.R12;

  // Where a token starts, and its groups.
  private static final Register FIRST_CODES = Register.R13;
  private static final Register FIRST_SCALE = Register.R14;
  private static final Register FIRST_VALUES = Register.R15;
  private static final Register ALL_GROUPS = Register.RBX;
  private static final Register[] SAVED = {
    TOKENS, FIRST_CODES, FIRST_SCALE, FIRST_VALUES, ALL_GROUPS
  };

  private static final int FIRST = 0;
  private static final int LAST = 1;
  private static final int SCALE = 2;
  private static final int NONZERO = 3;
  private static final int SUM_FIRST = 4;
  private static final int SUM_LAST = 5;
  private static final int SUM = 6;
  private static final int WORK = 7;
  private static final int OTHER = 8;
  private static final int ZERO = 9;
  private static final int MAX_CODE = 10;
  private static final int ONE_F32 = 11;

  /** Of the scale's significand. */
  private static final int RECIPROCAL = 12;

  private static final int ONE = 16;
  private static final int MAGNITUDE = 17;
  private static final int MIN_CODE = 19;
  private static final int ROUNDING = 20;

  /** Of the scale: its negative exponent and significand. */
  private static final int NEGATIVE_EXPONENT = 21;

  private static final int NEGATIVE_SIGNIFICAND = 22;

  // Immediates of shuffles.
  private static final int SWAP_HALVES = 0x4E;
  private static final int SWAP_NEIGHBOURS = 0xB1;
  private static final int LOWER_HALVES = 0x44;
  private static final int UPPER_HALVES = 0xEE;

  private final Form form;
  private final Assembler code = new Assembler(Encoding.EVEX);

  private AssembledStore(Form form) {
    this.form = form;
  }

  static byte[] assemble(Form form) {
    AssembledStore store = new AssembledStore(form);
    store.assemble();
    return store.code.toBytes();
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.move(TEMPORARY, VALUES_BYTES);
    code.lowerHalf(TEMPORARY);
    code.add(VALUES, TEMPORARY);
    code.shiftRight(VALUES_BYTES, Integer.SIZE);
    code.move(TOKENS, GROUPS);
    code.shiftRight(TOKENS, Integer.SIZE);
    code.lowerHalf(GROUPS);
    code.move(ALL_GROUPS, GROUPS);
    code.multiply(GROUP_BYTES, COLUMN_BYTES, form.tokenBytes() / Float.BYTES);
    code.multiply(LOWER_CODES_BYTES, COLUMN_BYTES, Activations.GROUP / Float.BYTES);
    constant(ONE, 1);
    constant(ONE_F32, Float.floatToRawIntBits(1));
    constant(MAGNITUDE, Integer.MAX_VALUE);
    constant(MAX_CODE, Float.floatToRawIntBits(form.maxCode));
    constant(MIN_CODE, Float.floatToRawIntBits(-form.maxCode));
    constant(ROUNDING, 128);
    code.zero(ZERO);
    int token = code.position();
    code.move(FIRST_CODES, CODES);
    code.move(FIRST_SCALE, SCALE_AT);
    code.move(FIRST_VALUES, VALUES);
    code.move(GROUPS, ALL_GROUPS);
    int group = code.position();
    group();
    code.decrement(GROUPS);
    code.jumpIfNotZero(group);
    code.move(CODES, FIRST_CODES);
    code.add(CODES, Activations.GROUP);
    code.move(SCALE_AT, FIRST_SCALE);
    code.add(SCALE_AT, Float.BYTES);
    code.move(VALUES, FIRST_VALUES);
    code.add(VALUES, VALUES_BYTES);
    code.decrement(TOKENS);
    code.jumpIfNotZero(token);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  /** One group of a token. */
  private void group() {
    code.vector(VectorOp.MOVE, FIRST, at(VALUES, 0));
    code.vector(VectorOp.MOVE, LAST, at(VALUES, 64));
    scale();
    quantize(FIRST);
    quantize(LAST);
    codes();
    sums();
    code.move(TEMPORARY, SCALE_AT);
    code.vector(VectorOp.STORE_ELEMENT, SCALE, at(TEMPORARY, 0));
    for (int sum : new int[] {SUM_FIRST, SUM_LAST, SUM}) {
      code.add(TEMPORARY, COLUMN_BYTES);
      code.shift(ShiftOp.LEFT_INT32, WORK, sum, 7);
      code.vector(VectorOp.SUBTRACT_INT32, WORK, ZERO, WORK);
      code.vector(VectorOp.STORE_ELEMENT, WORK, at(TEMPORARY, 0));
    }
    for (int sum : new int[] {SUM_FIRST, SUM_LAST, SUM}) {
      code.add(TEMPORARY, COLUMN_BYTES);
      code.vector(VectorOp.INT32_TO_F32, WORK, sum);
      code.vector(VectorOp.MULTIPLY_F32, WORK, WORK, SCALE);
      code.vector(VectorOp.STORE_ELEMENT, WORK, at(TEMPORARY, 0));
    }
    code.add(VALUES, Activations.GROUP * Float.BYTES);
    code.add(CODES, GROUP_BYTES);
    code.add(SCALE_AT, GROUP_BYTES);
  }

  private void constant(int register, int bits) {
    code.move(TEMPORARY, bits);
    code.broadcast(register, TEMPORARY);
  }

  /** The largest magnitude over the largest code, in all lanes; and all bits where it isn't 0. */
  private void scale() {
    code.vector(VectorOp.AND, WORK, FIRST, MAGNITUDE);
    code.vector(VectorOp.AND, OTHER, LAST, MAGNITUDE);
    code.vector(VectorOp.MAX_F32, WORK, WORK, OTHER);
    code.vector(VectorOp.SHUFFLE_QUARTERS, OTHER, WORK, WORK, SWAP_HALVES);
    code.vector(VectorOp.MAX_F32, WORK, WORK, OTHER);
    code.vector(VectorOp.SHUFFLE_QUARTERS, OTHER, WORK, WORK, SWAP_NEIGHBOURS);
    code.vector(VectorOp.MAX_F32, WORK, WORK, OTHER);
    code.vector(VectorOp.SHUFFLE_INT32, OTHER, 0, WORK, SWAP_HALVES);
    code.vector(VectorOp.MAX_F32, WORK, WORK, OTHER);
    code.vector(VectorOp.SHUFFLE_INT32, OTHER, 0, WORK, SWAP_NEIGHBOURS);
    code.vector(VectorOp.MAX_F32, WORK, WORK, OTHER);
    code.scalar(ScalarOp.DIVIDE_F32, SCALE, WORK, MAX_CODE);
    code.vector(VectorOp.BROADCAST_F32, SCALE, SCALE);
    code.vector(VectorOp.EXPONENT_F32, NEGATIVE_EXPONENT, SCALE);
    code.vector(VectorOp.SUBTRACT_F32, NEGATIVE_EXPONENT, ZERO, NEGATIVE_EXPONENT);
    code.vector(VectorOp.SIGNIFICAND_F32, RECIPROCAL, 0, SCALE, 0);
    code.vector(VectorOp.SUBTRACT_F32, NEGATIVE_SIGNIFICAND, ZERO, RECIPROCAL);
    code.scalar(ScalarOp.DIVIDE_F32, RECIPROCAL, ONE_F32, RECIPROCAL);
    code.vector(VectorOp.BROADCAST_F32, RECIPROCAL, RECIPROCAL);
    code.vector(VectorOp.MIN_UINT32, NONZERO, SCALE, ONE);
    code.vector(VectorOp.SUBTRACT_INT32, NONZERO, ZERO, NONZERO);
  }

  private void quantize(int values) {
    code.vector(VectorOp.SCALE_F32, values, values, NEGATIVE_EXPONENT);
    code.vector(VectorOp.MULTIPLY_F32, WORK, values, RECIPROCAL);
    code.vector(VectorOp.FMA_231_F32, values, WORK, NEGATIVE_SIGNIFICAND);
    code.vector(VectorOp.FMA_231_F32, WORK, values, RECIPROCAL);
    code.vector(VectorOp.MAX_F32, WORK, WORK, MIN_CODE);
    code.vector(VectorOp.MIN_F32, WORK, WORK, MAX_CODE);
    code.vector(VectorOp.F32_TO_INT32, values, WORK);
    code.vector(VectorOp.AND, values, values, NONZERO);
  }

  private void codes() {
    if (form == Form.CODES_8) {
      code.vector(VectorOp.STORE_INT8, FIRST, at(CODES, 0));
      code.vector(VectorOp.STORE_INT8, LAST, at(CODES, 16));
      return;
    }
    upperBytes(FIRST, at(CODES, 0));
    upperBytes(LAST, at(CODES, 16));
    code.vector(VectorOp.STORE_INT8, FIRST, at(CODES, LOWER_CODES_BYTES, 1, 0));
    code.vector(VectorOp.STORE_INT8, LAST, at(CODES, LOWER_CODES_BYTES, 1, 16));
  }

  private void upperBytes(int codes, Address to) {
    code.vector(VectorOp.ADD_INT32, WORK, codes, ROUNDING);
    code.shift(ShiftOp.RIGHT_SIGNED_INT32, WORK, WORK, 8);
    code.vector(VectorOp.STORE_INT8, WORK, to);
  }

  /** Sums of the first 16 codes, the last 16, and all, each in the first lane of its register. */
  private void sums() {
    code.vector(VectorOp.SHUFFLE_QUARTERS, SUM_FIRST, FIRST, LAST, LOWER_HALVES);
    code.vector(VectorOp.SHUFFLE_QUARTERS, SUM_LAST, FIRST, LAST, UPPER_HALVES);
    code.vector(VectorOp.ADD_INT32, SUM_FIRST, SUM_FIRST, SUM_LAST);
    code.vector(VectorOp.SHUFFLE_QUARTERS, WORK, SUM_FIRST, SUM_FIRST, SWAP_NEIGHBOURS);
    code.vector(VectorOp.ADD_INT32, SUM_FIRST, SUM_FIRST, WORK);
    code.vector(VectorOp.SHUFFLE_INT32, WORK, 0, SUM_FIRST, SWAP_HALVES);
    code.vector(VectorOp.ADD_INT32, SUM_FIRST, SUM_FIRST, WORK);
    code.vector(VectorOp.SHUFFLE_INT32, WORK, 0, SUM_FIRST, SWAP_NEIGHBOURS);
    code.vector(VectorOp.ADD_INT32, SUM_FIRST, SUM_FIRST, WORK);
    code.vector(VectorOp.SHUFFLE_QUARTERS, SUM_LAST, SUM_FIRST, SUM_FIRST, SWAP_HALVES);
    code.vector(VectorOp.ADD_INT32, SUM, SUM_FIRST, SUM_LAST);
  }
}
