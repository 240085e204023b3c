package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;
import static io.yuntai.engine.kernel.AssembledUnpacking.LINE_BYTES;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUADS;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;
import io.yuntai.engine.kernel.Activations.Form;

/**
 * Machine code for {@link Kernels#multiply} with AMX: a tile that {@link AssembledUnpack} has
 * unpacked, times one bundle of n tokens.
 *
 * <p>The code is {@code void product(byte* unpacked, byte* bundle, float* out, long outBytes, long
 * strideBytes, long groups)}, with the last but the first three arguments as in {@link
 * AssembledProduct} and the number of 32-column groups.
 *
 * <p>For 16 rows, 32 columns and all tokens at once one matrix instruction gives the exact integer
 * sums; they go through the stack into vectors, where they are scaled and added, one token after
 * the other, exactly as in the other kernels. A group's sums are made while those of the group
 * before are scaled, so the code reads one group more than there are, of which nothing is used:
 * {@link AssembledUnpack#tileBytes} and {@link Activations} leave room for it.
 */
final class AssembledAmxProduct {
  private static final Register UNPACKED = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register OUT = Register.RDX;
  private static final Register OUT_BYTES = Register.RCX;
  private static final Register STRIDE = Register.R8;
  private static final Register GROUPS = Register.R9;
  private static final Register RESULT = Register.RAX;
  private static final Register GROUPS_LEFT = Register.R10;
  private static final Register INPUTS = Register.R11;
  private static final Register CALLERS_STACK = Register.RBX;

  /** Bytes between rows of tiles: of codes of activations, of all else. */
  private static final Register INPUT_ROW = Register.RCX;

  private static final Register LINE = Register.R12;

  /** Integer sums of this group, and of the next. */
  private static final Register DOTS = Register.R13;

  private static final Register NEXT_DOTS = Register.R14;
  private static final Register[] SAVED = {CALLERS_STACK, LINE, DOTS, NEXT_DOTS};

  // Tiles by number; each part of the columns (and each byte of wide codes) has sums of its own.
  private static final int INPUT_TILE = 4;
  private static final int WEIGHT_TILE = 5;

  private static final int TILE_BYTES = 16 * LINE_BYTES;

  // Vector registers; 0 to 15 are the sums.
  private static final int DOT = 16;
  private static final int SCALED = 18;
  private static final int SCALE = 20;
  private static final int MINIMUM = 22;

  private final Form form;
  private final int tokens;
  private final int parts;
  private final boolean hasMin;
  private final int recordBytes;
  private final Assembler code = new Assembler(Encoding.EVEX);

  private AssembledAmxProduct(PackedMatrix matrix, Form form, int tokens) {
    this.form = form;
    this.tokens = tokens;
    this.parts = CODE_COLUMNS / matrix.groupSize();
    this.hasMin = matrix.hasMin();
    this.recordBytes = AssembledUnpack.recordBytes(matrix);
  }

  /**
   * Code for matrices with this one's groups and minima.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   */
  static byte[] assemble(PackedMatrix matrix, Form form, int tokens) {
    AssembledAmxProduct product = new AssembledAmxProduct(matrix, form, tokens);
    product.assemble();
    return product.code.toBytes();
  }

  private boolean isWide() {
    return form == Form.CODES_16;
  }

  private int dotTiles() {
    return parts * (isWide() ? 2 : 1);
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.move(CALLERS_STACK, Register.RSP);
    code.add(Register.RSP, -2 * dotTiles() * TILE_BYTES);
    code.and(Register.RSP, -LINE_BYTES);
    code.move(DOTS, Register.RSP);
    code.move(NEXT_DOTS, Register.RSP);
    code.add(NEXT_DOTS, dotTiles() * TILE_BYTES);
    code.add(OUT, OUT_BYTES);
    shapes();
    code.move(INPUT_ROW, CODE_COLUMNS);
    code.move(LINE, LINE_BYTES);
    pass(0);
    pass(1);
    code.releaseTiles();
    code.move(Register.RSP, CALLERS_STACK);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  /** Shapes: palette 1, then from byte 16 each tile's bytes a row, from byte 48 its rows. */
  private void shapes() {
    code.zero(DOT);
    code.vector(VectorOp.STORE, DOT, at(Register.RSP, 0));
    store(0, 1);
    int weightRows = QUADS / parts;
    int inputBytes = CODE_COLUMNS / parts;
    store(16, LINE_BYTES | (LINE_BYTES << 16));
    store(20, LINE_BYTES | (LINE_BYTES << 16));
    store(24, inputBytes | (LINE_BYTES << 16));
    store(48, tokens * 0x01010101);
    store(52, tokens | (weightRows << 8));
    code.loadTileShapes(at(Register.RSP, 0));
  }

  private void store(int offset, int value) {
    code.move(RESULT, value);
    code.store32(at(Register.RSP, offset), RESULT);
  }

  /** All columns for half of the tile's rows. */
  private void pass(int half) {
    for (int sum = 0; sum < tokens; sum++) {
      code.zero(sum);
    }
    code.move(INPUTS, BUNDLE);
    code.move(GROUPS_LEFT, GROUPS);
    dots(DOTS, 0, 0);
    int group = code.position();
    dots(NEXT_DOTS, recordBytes, tokens * form.tokenBytes());
    for (int part = 0; part < parts; part++) {
      code.vector(VectorOp.MOVE, SCALE + part, at(UNPACKED, (QUADS + part) * LINE_BYTES));
      if (hasMin) {
        int minimum = (QUADS + parts + part) * LINE_BYTES;
        code.vector(VectorOp.MOVE, MINIMUM + part, at(UNPACKED, minimum));
      }
    }
    for (int token = 0; token < tokens; token++) {
      for (int part = 0; part < parts; part++) {
        accumulate(token, part);
      }
    }
    code.add(UNPACKED, recordBytes);
    code.add(INPUTS, tokens * form.tokenBytes());
    code.exchange(DOTS, NEXT_DOTS);
    code.decrement(GROUPS_LEFT);
    code.jumpIfNotZero(group);
    code.move(RESULT, OUT);
    for (int token = 0; token < tokens; token++) {
      code.vector(VectorOp.STORE, token, at(RESULT, half * VECTOR_ROWS * Float.BYTES));
      code.add(RESULT, STRIDE);
    }
  }

  /**
   * Integer sums of one group, to the stack.
   *
   * @param unpacked bytes from the current record to the group's
   * @param inputs bytes from the current group of the bundle to the group's
   */
  private void dots(Register to, int unpacked, int inputs) {
    for (int part = 0; part < parts; part++) {
      int quads = part * QUADS / parts;
      code.loadTile(WEIGHT_TILE, at(UNPACKED, LINE, 1, unpacked + quads * LINE_BYTES));
      for (int which = 0; which < (isWide() ? 2 : 1); which++) {
        int tile = which * parts + part;
        int input = which * tokens * CODE_COLUMNS + part * CODE_COLUMNS / parts;
        code.loadTile(INPUT_TILE, at(INPUTS, INPUT_ROW, 1, inputs + input));
        code.zeroTile(tile);
        code.multiplyTiles(tile, INPUT_TILE, WEIGHT_TILE);
        code.storeTile(at(to, LINE, 1, tile * TILE_BYTES), tile);
      }
    }
  }

  private void accumulate(int token, int part) {
    int dot = part * TILE_BYTES + token * LINE_BYTES;
    if (isWide()) {
      int low = dot + parts * TILE_BYTES;
      code.shift(ShiftOp.LEFT_INT32, DOT, at(DOTS, dot), 8);
      code.vector(VectorOp.ADD_INT32, DOT, DOT, at(DOTS, low));
      code.vector(VectorOp.INT32_TO_F32, DOT, DOT);
    } else {
      code.vector(VectorOp.INT32_TO_F32, DOT, at(DOTS, dot));
    }
    int scale = form.scalesOffset(tokens) + token * Float.BYTES;
    code.vector(VectorOp.MULTIPLY_F32, SCALED, SCALE + part, each(INPUTS, scale));
    code.vector(VectorOp.FMA_231_F32, token, DOT, SCALED);
    if (hasMin) {
      int tokenSum = form.sumsOffset(tokens, parts == 1 ? 2 : part) + token * Float.BYTES;
      code.vector(VectorOp.FMA_231_F32, token, MINIMUM + part, each(INPUTS, tokenSum));
    }
  }
}
