package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.kernel.Activations.GROUP;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#multiply} of F16, BF16 and F32 weights with AVX-512; arguments as
 * those of {@link AssembledProduct}, the number of whole groups of 32 columns in place of blocks.
 *
 * <p>Registers hold sums and dot products of up to 7 tokens and both halves of a tile's rows; more
 * tokens go in parts, which read the tile again from the cache.
 */
final class AssembledPlainProduct {
  private static final int PART_TOKENS = 7;
  private static final int HALVES = TILE_ROWS / VECTOR_ROWS;
  private static final int TOKEN_BYTES = GROUP * Float.BYTES;

  // General registers. The first six are the arguments.
  private static final Register TILES = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register OUT = Register.RDX;
  private static final Register OUT_BYTES = Register.RCX;
  private static final Register STRIDE = Register.R8;
  private static final Register COUNT = Register.R9;
  private static final Register WEIGHTS = Register.RAX;
  private static final Register GROUPS_LEFT = Register.R10;
  private static final Register INPUTS = Register.R11;
  private static final Register RESULT = Register.R12;

  /** Takes the place of an argument that is used up. */
  private static final Register GROUPS = Register.RCX;

  // Vector registers: sums, dot products, a column's weights, and what two tokens have there.
  private static final int SUM = 0;
  private static final int DOT = HALVES * PART_TOKENS;
  private static final int WEIGHT = 2 * DOT;
  private static final int INPUT = WEIGHT + HALVES;

  private final PackedMatrix.Form form;
  private final int tail;
  private final int tokens;
  private final Assembler code = new Assembler(Encoding.EVEX);

  private AssembledPlainProduct(PackedMatrix matrix, int tokens) {
    this.form = matrix.form();
    this.tail = matrix.columns() % GROUP;
    this.tokens = tokens;
  }

  /** Whether there is code for a matrix: its weights are not quantised, and a group is whole. */
  static boolean supports(PackedMatrix matrix) {
    return !matrix.form().quantized() && matrix.columns() >= GROUP;
  }

  /**
   * Code for matrices with this one's type of weights and remainder of columns.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   */
  static byte[] assemble(PackedMatrix matrix, int tokens) {
    AssembledPlainProduct product = new AssembledPlainProduct(matrix, tokens);
    product.assemble();
    return product.code.toBytes();
  }

  private void assemble() {
    code.push(RESULT);
    code.add(OUT, OUT_BYTES);
    code.move(GROUPS, COUNT);
    code.shiftRight(GROUPS, Integer.SIZE);
    int tile = code.position();
    code.move(RESULT, OUT);
    int parts = Math.ceilDiv(tokens, PART_TOKENS);
    for (int part = 0; part < parts; part++) {
      part(tokens * part / parts, tokens * (part + 1) / parts);
    }
    code.move(TILES, WEIGHTS);
    code.add(OUT, TILE_ROWS * Float.BYTES);
    code.decrement32(COUNT);
    code.jumpIfNotZero(tile);
    code.pop(RESULT);
    code.zeroUpper();
    code.ret();
  }

  /** A tile meets some of the tokens. */
  private void part(int from, int to) {
    int dots = HALVES * (to - from);
    code.move(WEIGHTS, TILES);
    code.move(INPUTS, BUNDLE);
    code.add(INPUTS, from * TOKEN_BYTES);
    code.move(GROUPS_LEFT, GROUPS);
    for (int i = 0; i < dots; i++) {
      code.zero(SUM + i);
    }
    int group = code.position();
    columns(GROUP, to - from);
    code.add(INPUTS, tokens * TOKEN_BYTES);
    code.decrement(GROUPS_LEFT);
    code.jumpIfNotZero(group);
    if (tail > 0) {
      columns(tail, to - from);
    }
    for (int token = 0; token < to - from; token++) {
      for (int half = 0; half < HALVES; half++) {
        int place = half * VECTOR_ROWS * Float.BYTES;
        code.vector(VectorOp.STORE, SUM + HALVES * token + half, at(RESULT, place));
      }
      code.add(RESULT, STRIDE);
    }
  }

  private void columns(int count, int partTokens) {
    for (int i = 0; i < HALVES * partTokens; i++) {
      code.zero(DOT + i);
    }
    int columnBytes = TILE_ROWS * form.bits() / Byte.SIZE;
    for (int column = 0; column < count; column++) {
      for (int half = 0; half < HALVES; half++) {
        weights(WEIGHT + half, column * columnBytes + half * columnBytes / HALVES);
      }
      for (int token = 0; token < partTokens; token++) {
        int input = token * TOKEN_BYTES + column * Float.BYTES;
        // Loaded once for both halves: loads, not products, are what a core runs out of.
        int own = INPUT + token % 2;
        code.vector(VectorOp.BROADCAST_F32, own, at(INPUTS, input));
        for (int half = 0; half < HALVES; half++) {
          int dot = DOT + HALVES * token + half;
          code.vector(VectorOp.FMA_231_F32, dot, WEIGHT + half, own);
        }
      }
    }
    code.add(WEIGHTS, count * columnBytes);
    for (int i = 0; i < HALVES * partTokens; i++) {
      code.vector(VectorOp.ADD_F32, SUM + i, SUM + i, DOT + i);
    }
  }

  private void weights(int to, int offset) {
    switch (form) {
      case F32 -> code.vector(VectorOp.MOVE, to, at(WEIGHTS, offset));
      case F16 -> code.vector(VectorOp.F16_TO_F32, to, at(WEIGHTS, offset));
      case BF16 -> {
        code.vector(VectorOp.UINT16_TO_INT32, to, at(WEIGHTS, offset));
        code.shift(ShiftOp.LEFT_INT32, to, to, 16);
      }
      default -> throw new IllegalArgumentException(form + " weights are quantised");
    }
  }
}
