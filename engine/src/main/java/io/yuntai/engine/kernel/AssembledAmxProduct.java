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
 * Machine code for {@link Kernels#multiply} with AMX: a stretch of a tile's columns that {@link
 * AssembledUnpack} has unpacked, times bundles of n tokens.
 *
 * <p>The code is {@code void product(byte* unpacked, byte* inputs, float* to, long toBytes, long
 * toStride, float* from, long fromStride, long groups, long bundles, long bundleBytes, byte*
 * nextWeights)}: weights and the first bundle's inputs where the stretch starts; where the sums of
 * 32 rows and the first token go, and the bytes from one token's to the next's; likewise where the
 * sums so far stand; the stretch's groups of 32 columns, at least {@link #LEAST_GROUPS}; the bytes
 * from one bundle's inputs to the next's; and the packed weights that will be unpacked next.
 *
 * <p>For 16 rows, 32 columns (or 16, where they have scales of their own) and all tokens, one
 * matrix instruction gives the exact integer sums. They go through memory into vectors, where they
 * are scaled and added, one token after the other, exactly as in the other kernels. Four things
 * decide the speed, in cycles for 16 rows, 32 columns and 16 tokens on Sapphire Rapids:
 *
 * <ul>
 *   <li>While matrix instructions run, only one of two ports takes 512-bit multiplications, {@code
 *       fma} and conversions, but both take additions. So tiles start from {@link AmxTiles#magic
 *       magic numbers}, and a subtraction takes the place of the conversion: 54 cycles where it was
 *       63.
 *   <li>A step's sums wait a step in their tile and another one in memory, since storing a tile
 *       waits for its product, and loading for the store: 63 where it was 69.
 *   <li>A stretch of weights stays in the first-level cache while all bundles pass, and a bundle's
 *       inputs while both halves of the tile's rows use them. With both from the second level 84
 *       cycles were needed.
 *   <li>The lines that results go to are asked for ahead: results of one tile lie far apart, and
 *       waiting for them took a third of the time of a matrix with many rows. So are the weights
 *       that will be unpacked next.
 * </ul>
 */
final class AssembledAmxProduct {
  /** Fewest groups; the steps in flight at the end of a pass must all be of the next. */
  static final int LEAST_GROUPS = 3;

  /** Steps from a matrix instruction to the use of its sums. */
  private static final int STEPS_AHEAD = 2;

  /**
   * Lines of packed weights asked for with each bundle: 16 bundles' are a stretch of 8-bit codes.
   */
  private static final int PREFETCH_LINES = 16;

  private static final Register UNPACKED = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register TO = Register.RDX;
  private static final Register TO_BYTES = Register.RCX;
  private static final Register TO_STRIDE = Register.R8;
  private static final Register FROM = Register.R9;
  private static final Register TEMPORARY = Register.RAX;
  private static final Register ROW = Register.R10;
  private static final Register INPUTS = Register.R11;
  private static final Register CALLERS_STACK = Register.RBX;
  private static final Register BUNDLES_LEFT = Register.RBP;
  private static final Register WEIGHTS = Register.R15;

  /** Takes the place of an address that is used up. */
  private static final Register GROUPS_LEFT = Register.R10;

  /** Bytes between rows of tiles: of codes of activations, of all else. */
  private static final Register INPUT_ROW = Register.R12;

  private static final Register LINE = Register.RCX;

  /** Integer sums of this step, and of the next. */
  private static final Register DOTS = Register.R13;

  private static final Register NEXT_DOTS = Register.R14;

  private static final Register[] SAVED = {
    CALLERS_STACK, BUNDLES_LEFT, INPUT_ROW, DOTS, NEXT_DOTS, WEIGHTS
  };

  // Arguments on the caller's stack, behind what we save and the return address.
  private static final int FROM_STRIDE = (SAVED.length + 1) * Long.BYTES;
  private static final int GROUPS = FROM_STRIDE + Long.BYTES;
  private static final int BUNDLES = GROUPS + Long.BYTES;
  private static final int BUNDLE_BYTES = BUNDLES + Long.BYTES;
  private static final int NEXT_WEIGHTS = BUNDLE_BYTES + Long.BYTES;

  // Vector registers; 0 to 15 are the sums, and dots and scaled scales alternate.
  private static final int DOT = 16;
  private static final int SCALED = 20;
  private static final int ROTATION = 4;
  private static final int SCALE = 24;
  private static final int MINIMUM = 25;
  private static final int MAGIC_NUMBER = 26;

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
    return isWide() ? 2 : 1;
  }

  private int groupsAhead() {
    return STEPS_AHEAD / parts;
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.move(CALLERS_STACK, Register.RSP);
    code.add(Register.RSP, -(1 + 2 * dotTiles()) * AmxTiles.BYTES);
    code.and(Register.RSP, -LINE_BYTES);
    code.move(DOTS, Register.RSP);
    code.add(DOTS, AmxTiles.BYTES);
    code.move(NEXT_DOTS, DOTS);
    code.add(NEXT_DOTS, dotTiles() * AmxTiles.BYTES);
    code.add(TO, TO_BYTES);
    AmxTiles.shapes(code, TEMPORARY, tokens, parts);
    AmxTiles.magic(code, TEMPORARY, MAGIC_NUMBER, tokens);
    code.move(INPUT_ROW, CODE_COLUMNS);
    code.move(LINE, LINE_BYTES);
    code.load(BUNDLES_LEFT, at(CALLERS_STACK, BUNDLES));
    for (int step = 0; step < STEPS_AHEAD; step++) {
      dots(UNPACKED, BUNDLE, step / parts, step % parts);
      if (step == 0) {
        storeDots(DOTS);
      }
    }
    int bundle = code.position();
    code.move(WEIGHTS, UNPACKED);
    prefetchWeights();
    prefetchResults();
    pass(0);
    pass(1);
    code.add(BUNDLES_LEFT, 0);
    code.jumpIfNotZero(bundle);
    code.releaseTiles();
    code.move(Register.RSP, CALLERS_STACK);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  /** Asks for some of the weights that will be unpacked next. */
  private void prefetchWeights() {
    code.load(TEMPORARY, at(CALLERS_STACK, NEXT_WEIGHTS));
    for (int line = 0; line < PREFETCH_LINES; line++) {
      code.prefetchToSecondLevel(at(TEMPORARY, line * LINE_BYTES));
    }
    code.add(TEMPORARY, PREFETCH_LINES * LINE_BYTES);
    code.store(at(CALLERS_STACK, NEXT_WEIGHTS), TEMPORARY);
  }

  /** Asks for the lines that a bundle's results go to. They need not start where a line starts. */
  private void prefetchResults() {
    code.move(ROW, TO);
    for (int token = 0; token < tokens; token++) {
      for (int line = 0; line < 2; line++) {
        code.prefetchToWrite(at(ROW, line * LINE_BYTES));
      }
      code.prefetchToWrite(at(ROW, 2 * LINE_BYTES - 1));
      code.add(ROW, TO_STRIDE);
    }
  }

  /** All groups for half of the tile's rows. */
  private void pass(int half) {
    code.move(ROW, FROM);
    code.load(TEMPORARY, at(CALLERS_STACK, FROM_STRIDE));
    for (int token = 0; token < tokens; token++) {
      code.vector(VectorOp.MOVE, token, at(ROW, half * VECTOR_ROWS * Float.BYTES));
      code.add(ROW, TEMPORARY);
    }
    if (half == 1) {
      code.move(FROM, ROW);
    }
    code.move(INPUTS, BUNDLE);
    code.load(GROUPS_LEFT, at(CALLERS_STACK, GROUPS));
    code.add(GROUPS_LEFT, -groupsAhead());
    int group = code.position();
    for (int part = 0; part < parts; part++) {
      step(part, WEIGHTS, INPUTS, groupsAhead());
    }
    advance();
    code.decrement(GROUPS_LEFT);
    code.jumpIfNotZero(group);
    if (half == 1) {
      nextBundle();
    }
    // The second half's weights follow the first's; then both start anew.
    for (int ahead = 0; ahead < groupsAhead(); ahead++) {
      for (int part = 0; part < parts; part++) {
        int weights = half == 0 ? groupsAhead() : ahead;
        step(part, half == 0 ? WEIGHTS : UNPACKED, weights, BUNDLE, ahead);
      }
      advance();
    }
    code.move(ROW, TO);
    for (int token = 0; token < tokens; token++) {
      code.vector(VectorOp.STORE, token, at(ROW, half * VECTOR_ROWS * Float.BYTES));
      code.add(ROW, TO_STRIDE);
    }
    if (half == 1) {
      code.move(TO, ROW);
    }
  }

  private void advance() {
    code.add(WEIGHTS, recordBytes);
    code.add(INPUTS, groupBytes());
  }

  private int groupBytes() {
    return tokens * form.tokenBytes();
  }

  /** The last bundle is its own successor, so that nothing beyond it is read. */
  private void nextBundle() {
    code.move(TEMPORARY, BUNDLE);
    code.load(ROW, at(CALLERS_STACK, BUNDLE_BYTES));
    code.add(BUNDLE, ROW);
    code.decrement(BUNDLES_LEFT);
    code.moveIfZero(BUNDLE, TEMPORARY);
  }

  private void step(int part, Register weights, Register inputs, int ahead) {
    step(part, weights, ahead, inputs, ahead);
  }

  /**
   * Scales the sums of one part of the current group; stores those of the next step, and makes
   * those of the step after it.
   *
   * @param weightsAhead groups from what {@code weights} points at to those of that step
   * @param inputsAhead likewise
   */
  private void step(
      int part, Register weights, int weightsAhead, Register inputs, int inputsAhead) {
    storeDots(NEXT_DOTS);
    dots(weights, weightsAhead, inputs, inputsAhead, part);
    code.vector(VectorOp.MOVE, SCALE, at(WEIGHTS, (QUADS + part) * LINE_BYTES));
    if (hasMin) {
      code.vector(VectorOp.MOVE, MINIMUM, at(WEIGHTS, (QUADS + parts + part) * LINE_BYTES));
    }
    for (int token = 0; token < tokens; token++) {
      accumulate(token, part);
    }
    code.exchange(DOTS, NEXT_DOTS);
  }

  private void dots(Register weights, Register inputs, int ahead, int part) {
    dots(weights, ahead, inputs, ahead, part);
  }

  private void dots(
      Register weights, int weightsAhead, Register inputs, int inputsAhead, int part) {
    int quads = weightsAhead * recordBytes + part * QUADS / parts * LINE_BYTES;
    code.loadTile(AmxTiles.WEIGHTS, at(weights, LINE, 1, quads));
    for (int tile = 0; tile < dotTiles(); tile++) {
      int input = inputsAhead * groupBytes() + tile * tokens * CODE_COLUMNS;
      code.loadTile(AmxTiles.INPUTS, at(inputs, INPUT_ROW, 1, input + part * CODE_COLUMNS / parts));
      if (isWide()) {
        code.zeroTile(tile);
      } else {
        code.loadTile(tile, at(Register.RSP, LINE, 1, 0));
      }
      code.multiplyTiles(tile, AmxTiles.INPUTS, AmxTiles.WEIGHTS);
    }
  }

  private void storeDots(Register to) {
    for (int tile = 0; tile < dotTiles(); tile++) {
      code.storeTile(at(to, LINE, 1, tile * AmxTiles.BYTES), tile);
    }
  }

  private void accumulate(int token, int part) {
    int dot = DOT + token % ROTATION;
    int scaled = SCALED + token % ROTATION;
    if (isWide()) {
      code.shift(ShiftOp.LEFT_INT32, dot, at(DOTS, token * LINE_BYTES), 8);
      code.vector(VectorOp.ADD_INT32, dot, dot, at(DOTS, AmxTiles.BYTES + token * LINE_BYTES));
      code.vector(VectorOp.INT32_TO_F32, dot, dot);
    } else {
      code.vector(VectorOp.SUBTRACT_F32, dot, MAGIC_NUMBER, at(DOTS, token * LINE_BYTES));
    }
    int scale = form.scalesOffset(tokens) + token * Float.BYTES;
    code.vector(VectorOp.MULTIPLY_F32, scaled, SCALE, each(INPUTS, scale));
    code.vector(VectorOp.FMA_231_F32, token, dot, scaled);
    if (hasMin) {
      int tokenSum = form.sumsOffset(tokens, parts == 1 ? 2 : part) + token * Float.BYTES;
      code.vector(VectorOp.FMA_231_F32, token, MINIMUM, each(INPUTS, tokenSum));
    }
  }
}
