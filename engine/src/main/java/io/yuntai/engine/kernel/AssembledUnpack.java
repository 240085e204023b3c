package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
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

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code that unpacks blocks of a tile once for many tokens, as {@link AssembledAmxProduct}
 * takes it: the first 16 rows and then the other 16, each as a record per 32 columns: signed codes
 * as eight vectors, then scales of the 16 rows for each part of the columns, then minima likewise.
 *
 * <p>The code is {@code void unpack(byte* blocks, byte* unpacked, long count)}.
 */
final class AssembledUnpack {
  private static final Register TILE = Register.RDI;
  private static final Register FIRST_HALF = Register.RSI;
  private static final Register BLOCKS = Register.RDX;
  private static final Register SECOND_HALF = Register.RCX;
  private static final Register GROUPS_LEFT = Register.R8;

  private AssembledUnpack() {}

  /** Bytes of the record of 16 rows and 32 columns. */
  static int recordBytes(PackedMatrix matrix) {
    int vectors = CODE_COLUMNS / matrix.groupSize() * (matrix.hasMin() ? 2 : 1);
    return (QUADS + vectors) * LINE_BYTES;
  }

  /** Bytes of so many groups of 32 columns, unpacked. */
  static long bytes(PackedMatrix matrix, int groups) {
    return 2L * groups * recordBytes(matrix);
  }

  /** Code for matrices with this one's format. */
  static byte[] assemble(PackedMatrix matrix) {
    Assembler code = new Assembler(Encoding.EVEX);
    AssembledUnpacking unpacking = new AssembledUnpacking(code, matrix, true);
    int groups = matrix.blockColumns() / CODE_COLUMNS;
    int record = recordBytes(matrix);
    code.push(GROUP_SCALES);
    unpacking.constants();
    code.multiply(SECOND_HALF, BLOCKS, groups * record);
    code.add(SECOND_HALF, FIRST_HALF);
    code.move(BLOCK, TILE);
    int block = code.position();
    code.move(CODES, BLOCK);
    code.add(CODES, matrix.codesOffset());
    code.move(GROUP_SCALES, BLOCK);
    code.add(GROUP_SCALES, matrix.groupScalesOffset());
    code.move(GROUPS_LEFT, groups);
    int group = code.position();
    record(code, unpacking, matrix, 0, FIRST_HALF);
    record(code, unpacking, matrix, 1, SECOND_HALF);
    unpacking.prefetch();
    code.add(FIRST_HALF, record);
    code.add(SECOND_HALF, record);
    code.add(CODES, 2 * matrix.vectorBytes());
    code.add(GROUP_SCALES, unpacking.parts() * TILE_ROWS);
    code.decrement(GROUPS_LEFT);
    code.jumpIfNotZero(group);
    code.add(BLOCK, matrix.blockBytes());
    code.decrement(BLOCKS);
    code.jumpIfNotZero(block);
    code.pop(GROUP_SCALES);
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  /** Unpacks 16 rows and 32 columns to where a register points. */
  private static void record(
      Assembler code, AssembledUnpacking unpacking, PackedMatrix matrix, int half, Register to) {
    unpacking.codes(half);
    for (int quad = 0; quad < QUADS; quad++) {
      code.vector(VectorOp.STORE, QUAD + quad, at(to, quad * LINE_BYTES));
    }
    scales(code, unpacking, matrix, half, to);
  }

  /** Writes a record's scales and minima, of 16 rows. */
  static void scales(
      Assembler code, AssembledUnpacking unpacking, PackedMatrix matrix, int half, Register to) {
    unpacking.scales(half);
    for (int part = 0; part < unpacking.parts(); part++) {
      int scale = QUADS + part;
      code.vector(VectorOp.STORE, SCALE + part, at(to, scale * LINE_BYTES));
      if (matrix.hasMin()) {
        int minimum = QUADS + unpacking.parts() + part;
        code.vector(VectorOp.STORE, MINIMUM + part, at(to, minimum * LINE_BYTES));
      }
    }
  }
}
