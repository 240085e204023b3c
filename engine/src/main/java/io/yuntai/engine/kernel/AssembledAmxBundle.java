package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;
import static io.yuntai.engine.kernel.AssembledUnpacking.BLOCK;
import static io.yuntai.engine.kernel.AssembledUnpacking.CODES;
import static io.yuntai.engine.kernel.AssembledUnpacking.GROUP_SCALES;
import static io.yuntai.engine.kernel.AssembledUnpacking.LINE_BYTES;
import static io.yuntai.engine.kernel.AssembledUnpacking.MINIMUM;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUAD;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUADS;
import static io.yuntai.engine.kernel.AssembledUnpacking.SCALE;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Address;
import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;
import io.yuntai.engine.kernel.Activations.Form;

/**
 * Machine code for {@link Kernels#multiply} of block-quantised weights with AMX: tiles of 32 rows
 * times one bundle of n tokens. Its arguments are those of {@link AssembledProduct}.
 *
 * <p>With one bundle alone, weights that are unpacked serve no other. So they are unpacked on the
 * way, into a ring of a few records of 16 rows and 32 columns, while the matrix unit multiplies
 * those of before and their sums are scaled and added: what {@link AssembledAmxProduct} does in
 * turn, with calls between, all ports do at once here. Three cursors go through the same sequence
 * of groups (all columns of a tile's first 16 rows, then of the others, then the next tile): the
 * sums' is that of the loop; products are {@link #STEPS_AHEAD} steps ahead, and unpacking one group
 * more. They go on from pass to pass and from tile to tile without a pause.
 *
 * <p>Weights are asked for ahead at an even pace: a pass goes through all lines of a tile, but only
 * the first of two brings them.
 */
final class AssembledAmxBundle {
  /** Fewest groups of columns: what is unpacked ahead must be of this tile or of the next. */
  static final int LEAST_GROUPS = 3;

  /** Steps from a matrix instruction to the use of its sums. */
  private static final int STEPS_AHEAD = 2;

  /** How far ahead of their first use lines of weights are asked for, at least. */
  private static final int PREFETCH_BYTES = 3584;

  // General registers. The first six are the arguments.
  private static final Register TILES = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register OUT = Register.RDX;
  private static final Register OUT_BYTES = Register.RCX;
  private static final Register STRIDE = Register.R8;
  private static final Register SHAPE = Register.R9;

  // These take the place of arguments that are used up.
  private static final Register TEMPORARY = Register.RDI;
  private static final Register LINE = Register.RCX;
  private static final Register AHEAD = Register.R9;

  /** Inputs of the products that are made; BUNDLE is kept in the frame. */
  private static final Register INPUTS = Register.RSI;

  /** Inputs whose scales the sums take. */
  private static final Register SCALES = Register.R11;

  private static final Register INPUT_ROW = Register.R12;

  /** Slots of the ring: of the group that is added, and of those after it. */
  private static final Register[] SLOTS = {Register.R13, Register.R14, Register.R15, Register.RBP};

  private static final Register[] SAVED = {
    GROUP_SCALES, Register.RBP, INPUT_ROW, Register.R13, Register.R14, Register.R15
  };

  // The frame, from RSP on: a tile of magic numbers (first of all the shapes), numbers, the ring.
  private static final int CALLERS_STACK = AmxTiles.BYTES;
  private static final int BUNDLE_START = CALLERS_STACK + Long.BYTES;
  private static final int GROUPS = BUNDLE_START + Long.BYTES;
  private static final int BLOCKS = GROUPS + Long.BYTES;
  private static final int TILE_LENGTH = BLOCKS + Long.BYTES;
  private static final int PASSES_LEFT = TILE_LENGTH + Long.BYTES;
  private static final int GROUPS_LEFT = PASSES_LEFT + Long.BYTES;
  private static final int PRODUCTS_LEFT = GROUPS_LEFT + Long.BYTES;
  private static final int BLOCK_GROUPS_LEFT = PRODUCTS_LEFT + Long.BYTES;
  private static final int BLOCKS_LEFT = BLOCK_GROUPS_LEFT + Long.BYTES;
  private static final int HALVES_LEFT = BLOCKS_LEFT + Long.BYTES;
  private static final int TILE = HALVES_LEFT + Long.BYTES;
  private static final int TILES_LEFT = TILE + Long.BYTES;
  private static final int MATRICES = TILES_LEFT + Long.BYTES;
  private static final int RING =
      Math.ceilDiv(MATRICES + AffineCodes.MATRIX_BYTES, LINE_BYTES) * LINE_BYTES;

  // Vector registers: 0 to 15 are the sums; unpacking and adding take turns with 16 to 23.
  private static final int DOT = QUAD;
  private static final int SCALED = QUAD + 4;
  private static final int ROTATION = 4;
  private static final int MAGIC_NUMBER = 25;

  private final PackedMatrix matrix;
  private final Form form;
  private final int tokens;
  private final int parts;
  private final int blockGroups;

  private final int recordBytes;
  private final Assembler code = new Assembler(Encoding.EVEX);
  private final AssembledUnpacking unpacking;
  private final AffineCodes codes;

  private AssembledAmxBundle(PackedMatrix matrix, Form form, int tokens) {
    this.matrix = matrix;
    this.form = form;
    this.tokens = tokens;
    this.parts = CODE_COLUMNS / matrix.groupSize();
    this.blockGroups = matrix.blockColumns() / CODE_COLUMNS;
    this.recordBytes = AssembledUnpack.recordBytes(matrix);
    this.unpacking = new AssembledUnpacking(code, matrix, true);
    this.codes = new AffineCodes(code, matrix, unpacking, MATRICES);
  }

  /**
   * Code for matrices with this one's format.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   */
  static byte[] assemble(PackedMatrix matrix, Form form, int tokens) {
    AssembledAmxBundle product = new AssembledAmxBundle(matrix, form, tokens);
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

  private int slots() {
    return groupsAhead() + 2;
  }

  private int slotBytes() {
    return recordBytes + parts * dotTiles() * AmxTiles.BYTES;
  }

  private int groupBytes() {
    return tokens * form.tokenBytes();
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    frame();
    AmxTiles.shapes(code, TEMPORARY, tokens, parts);
    AmxTiles.magic(code, TEMPORARY, MAGIC_NUMBER, tokens);
    unpacking.constants();
    codes.constants(TEMPORARY);
    pass();
    for (int sum = 0; sum < tokens; sum++) {
      code.zero(sum);
    }
    for (int slot = 0; slot <= groupsAhead(); slot++) {
      unpack(SLOTS[slot]);
    }
    for (int step = 0; step < STEPS_AHEAD; step++) {
      dots(0, step);
      if (step == 0) {
        storeDots(0, step);
      }
      if (step % parts == parts - 1) {
        nextProducts();
      }
    }
    int loop = code.position();
    // Tiles alternate from step to step; passes come in pairs, and so groups do.
    for (int first = 0; first < STEPS_AHEAD; first += parts) {
      group(first);
      countDown(GROUPS_LEFT);
      int inPass = code.skipIfNotZero();
      results();
      code.land(inPass);
    }
    code.load(TEMPORARY, local(PASSES_LEFT));
    code.add(TEMPORARY, 0);
    code.jumpIfNotZero(loop);
    code.releaseTiles();
    code.load(Register.RSP, local(CALLERS_STACK));
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  private static Address local(int offset) {
    return at(Register.RSP, offset);
  }

  /**
   * Adds a group, and does what is ahead of it.
   *
   * @param first its first step's number, of those in one turn of the loop
   */
  private void group(int first) {
    for (int part = 0; part < parts; part++) {
      if (part == 0) {
        // First, since stores wait for each other, and those of tiles for their products.
        unpack(SLOTS[groupsAhead() + 1]);
        prefetch();
      }
      storeDots(first, part + 1);
      dots(first, part + STEPS_AHEAD);
      accumulate(part);
    }
    nextProducts();
    rotate();
    code.add(SCALES, groupBytes());
  }

  /** Takes the arguments into the frame. */
  private void frame() {
    code.add(OUT, OUT_BYTES);
    code.move(Register.RAX, Register.RSP);
    code.add(Register.RSP, -(RING + slots() * slotBytes()));
    code.and(Register.RSP, -LINE_BYTES);
    code.store(local(CALLERS_STACK), Register.RAX);
    code.store(local(BUNDLE_START), BUNDLE);
    code.store(local(TILE), TILES);
    code.move(SCALES, BUNDLE);
    code.move(Register.RAX, SHAPE);
    code.shiftRight(Register.RAX, 32);
    code.store(local(BLOCKS), Register.RAX);
    code.store(local(BLOCKS_LEFT), Register.RAX);
    code.lowerHalf(SHAPE);
    code.store(local(TILES_LEFT), SHAPE);
    code.add(SHAPE, SHAPE);
    code.store(local(PASSES_LEFT), SHAPE);
    // Half a tile more: that is how far the first pass runs ahead of the even pace.
    code.multiply(AHEAD, Register.RAX, matrix.blockBytes() / 2);
    code.add(AHEAD, TILES);
    code.add(AHEAD, PREFETCH_BYTES);
    code.multiply(TEMPORARY, Register.RAX, matrix.blockBytes());
    code.store(local(TILE_LENGTH), TEMPORARY);
    code.multiply(Register.RAX, Register.RAX, blockGroups);
    code.store(local(GROUPS), Register.RAX);
    code.store(local(GROUPS_LEFT), Register.RAX);
    code.store(local(PRODUCTS_LEFT), Register.RAX);
    set(BLOCK_GROUPS_LEFT, blockGroups);
    set(HALVES_LEFT, 2);
    code.move(INPUT_ROW, CODE_COLUMNS);
    code.move(LINE, LINE_BYTES);
    for (int slot = 0; slot < slots(); slot++) {
      code.move(SLOTS[slot], Register.RSP);
      code.add(SLOTS[slot], RING + slot * slotBytes());
    }
  }

  private void set(int local, int value) {
    code.move(TEMPORARY, value);
    code.store(local(local), TEMPORARY);
  }

  /** Sets the zero flag when nothing is left. */
  private void countDown(int local) {
    code.load(TEMPORARY, local(local));
    code.decrement(TEMPORARY);
    code.store(local(local), TEMPORARY);
  }

  private void copy(int from, int to) {
    code.load(TEMPORARY, local(from));
    code.store(local(to), TEMPORARY);
  }

  /** Unpacks a group of 16 rows, and goes on to the next. */
  private void unpack(Register slot) {
    codes.unpack(slot);
    AssembledUnpack.scales(code, unpacking, matrix, 0, slot);
    if (blockGroups > 1) {
      code.add(CODES, 2 * matrix.vectorBytes());
      code.add(GROUP_SCALES, parts * TILE_ROWS);
      countDown(BLOCK_GROUPS_LEFT);
      int inBlock = code.skipIfNotZero();
      set(BLOCK_GROUPS_LEFT, blockGroups);
      code.add(CODES, matrix.blockBytes() - blockGroups * 2 * matrix.vectorBytes());
      code.add(GROUP_SCALES, matrix.blockBytes() - blockGroups * parts * TILE_ROWS);
      nextBlock();
      code.land(inBlock);
    } else {
      code.add(CODES, matrix.blockBytes());
      nextBlock();
    }
  }

  private void nextBlock() {
    code.add(BLOCK, matrix.blockBytes());
    countDown(BLOCKS_LEFT);
    int inPass = code.skipIfNotZero();
    copy(BLOCKS, BLOCKS_LEFT);
    countDown(HALVES_LEFT);
    int inTile = code.skipIfNotZero();
    set(HALVES_LEFT, 2);
    code.load(BLOCK, local(TILE));
    code.move(CODES, BLOCK);
    code.load(TEMPORARY, local(TILE_LENGTH));
    code.add(BLOCK, TEMPORARY);
    countDown(TILES_LEFT);
    code.moveIfZero(BLOCK, CODES); // the last is its own successor: nothing beyond it is read
    code.store(local(TILE), BLOCK);
    code.land(inTile);
    pass();
    code.land(inPass);
  }

  /** The start of a pass through a tile. */
  private void pass() {
    code.load(BLOCK, local(TILE));
    code.move(CODES, BLOCK);
    code.add(CODES, matrix.codesOffset());
    code.move(GROUP_SCALES, BLOCK);
    code.add(GROUP_SCALES, matrix.groupScalesOffset());
    code.load(TEMPORARY, local(HALVES_LEFT));
    code.decrement(TEMPORARY);
    int first = code.skipIfNotZero();
    code.add(BLOCK, VECTOR_ROWS * matrix.scaleBytes());
    code.add(CODES, matrix.vectorBytes());
    code.add(GROUP_SCALES, VECTOR_ROWS);
    code.land(first);
  }

  private void prefetch() {
    int bytes = Math.ceilDiv(matrix.blockBytes(), 2 * blockGroups);
    for (int at = 0; at < bytes; at += LINE_BYTES) {
      code.prefetchToSecondLevel(at(AHEAD, at));
    }
    code.add(AHEAD, bytes);
  }

  /** The first of the tiles that take a step's sums. */
  private int tile(int step) {
    return step % STEPS_AHEAD * dotTiles();
  }

  /**
   * Makes the integer sums of a step.
   *
   * @param first number of the first step of the group that is added
   * @param step counted from there
   */
  private void dots(int first, int step) {
    Register slot = SLOTS[step / parts];
    int part = step % parts;
    code.loadTile(AmxTiles.WEIGHTS, at(slot, LINE, 1, part * QUADS / parts * LINE_BYTES));
    for (int i = 0; i < dotTiles(); i++) {
      int tile = tile(first + step) + i;
      int input = i * tokens * CODE_COLUMNS + part * CODE_COLUMNS / parts;
      code.loadTile(AmxTiles.INPUTS, at(INPUTS, INPUT_ROW, 1, input));
      if (isWide()) {
        code.zeroTile(tile);
      } else {
        code.loadTile(tile, at(Register.RSP, LINE, 1, 0));
      }
      code.multiplyTiles(tile, AmxTiles.INPUTS, AmxTiles.WEIGHTS);
    }
  }

  private int dotsOffset(int part) {
    return recordBytes + part * dotTiles() * AmxTiles.BYTES;
  }

  /** Stores the sums of a step, which is told as to {@link #dots}. */
  private void storeDots(int first, int step) {
    Register slot = SLOTS[step / parts];
    for (int i = 0; i < dotTiles(); i++) {
      int to = dotsOffset(step % parts) + i * AmxTiles.BYTES;
      code.storeTile(at(slot, LINE, 1, to), tile(first + step) + i);
    }
  }

  private void nextProducts() {
    code.add(INPUTS, groupBytes());
    countDown(PRODUCTS_LEFT);
    int inPass = code.skipIfNotZero();
    copy(GROUPS, PRODUCTS_LEFT);
    code.load(INPUTS, local(BUNDLE_START));
    code.land(inPass);
  }

  private void rotate() {
    code.move(TEMPORARY, SLOTS[0]);
    for (int slot = 1; slot < slots(); slot++) {
      code.move(SLOTS[slot - 1], SLOTS[slot]);
    }
    code.move(SLOTS[slots() - 1], TEMPORARY);
  }

  /** Scales the sums of one part of the group, and adds them. */
  private void accumulate(int part) {
    Register slot = SLOTS[0];
    code.vector(VectorOp.MOVE, SCALE, at(slot, (QUADS + part) * LINE_BYTES));
    if (matrix.hasMin()) {
      code.vector(VectorOp.MOVE, MINIMUM, at(slot, (QUADS + parts + part) * LINE_BYTES));
    }
    for (int token = 0; token < tokens; token++) {
      int dot = DOT + token % ROTATION;
      int scaled = SCALED + token % ROTATION;
      int from = dotsOffset(part) + token * LINE_BYTES;
      if (isWide()) {
        code.shift(ShiftOp.LEFT_INT32, dot, at(slot, from), 8);
        code.vector(VectorOp.ADD_INT32, dot, dot, at(slot, from + AmxTiles.BYTES));
        code.vector(VectorOp.INT32_TO_F32, dot, dot);
      } else {
        code.vector(VectorOp.SUBTRACT_F32, dot, MAGIC_NUMBER, at(slot, from));
      }
      int scale = form.scalesOffset(tokens) + token * Float.BYTES;
      code.vector(VectorOp.MULTIPLY_F32, scaled, SCALE, each(SCALES, scale));
      code.vector(VectorOp.FMA_231_F32, token, dot, scaled);
      if (matrix.hasMin()) {
        int tokenSum = form.sumsOffset(tokens, parts == 1 ? 2 : part) + token * Float.BYTES;
        code.vector(VectorOp.FMA_231_F32, token, MINIMUM, each(SCALES, tokenSum));
      }
    }
  }

  /** The end of a pass: its results go out, and the next one's sums start. */
  private void results() {
    code.move(TEMPORARY, OUT);
    for (int token = 0; token < tokens; token++) {
      code.vector(VectorOp.STORE, token, at(TEMPORARY, 0));
      code.zero(token);
      code.add(TEMPORARY, STRIDE);
    }
    code.add(OUT, VECTOR_ROWS * Float.BYTES);
    code.load(SCALES, local(BUNDLE_START));
    copy(GROUPS, GROUPS_LEFT);
    countDown(PASSES_LEFT);
  }
}
