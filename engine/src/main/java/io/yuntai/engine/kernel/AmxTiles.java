package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.kernel.AssembledUnpacking.LINE_BYTES;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUADS;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * What machine code with matrix instructions has in common: which tiles there are, and what their
 * sums start from. Both are written at the stack pointer.
 */
final class AmxTiles {
  // Tiles by number: those before take sums.
  static final int INPUTS = 4;
  static final int WEIGHTS = 5;

  /** Bytes of a full tile. */
  static final int BYTES = 16 * LINE_BYTES;

  /**
   * The bits of -1.5 * 2^23. An integer below 2^22 in magnitude, added to these bits, gives those
   * of -1.5 * 2^23 less that integer; so what is missing from it to -1.5 * 2^23 is the integer as
   * F32, exactly. Sums of {@link Activations.Form#CODES_8} are at most 32 * 128 * 127.
   */
  private static final int MAGIC = 0xCB400000;

  /** Any vector register that holds nothing yet. */
  private static final int FREE = 31;

  private AmxTiles() {}

  /**
   * Sets the shapes: palette 1, then from byte 16 each tile's bytes a row, from byte 48 its rows.
   *
   * @param tokens of a bundle
   * @param parts into which 32 columns fall that have scales of their own
   */
  static void shapes(Assembler code, Register temporary, int tokens, int parts) {
    code.zero(FREE);
    code.vector(VectorOp.STORE, FREE, at(Register.RSP, 0));
    store(code, temporary, 0, 1);
    store(code, temporary, 16, LINE_BYTES | (LINE_BYTES << 16));
    store(code, temporary, 20, LINE_BYTES | (LINE_BYTES << 16));
    store(code, temporary, 16 + 2 * INPUTS, (CODE_COLUMNS / parts) | (LINE_BYTES << 16));
    store(code, temporary, 48, tokens * 0x01010101);
    store(code, temporary, 48 + INPUTS, tokens | ((QUADS / parts) << 8));
    code.loadTileShapes(at(Register.RSP, 0));
  }

  private static void store(Assembler code, Register temporary, int offset, int value) {
    code.move(temporary, value);
    code.store32(at(Register.RSP, offset), temporary);
  }

  /** A tile of magic numbers, where the shapes were. */
  static void magic(Assembler code, Register temporary, int magicNumber, int tokens) {
    code.move(temporary, MAGIC);
    code.broadcast(magicNumber, temporary);
    for (int row = 0; row < tokens; row++) {
      code.vector(VectorOp.STORE, magicNumber, at(Register.RSP, row * LINE_BYTES));
    }
  }
}
