package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;
import static io.yuntai.engine.kernel.AssembledUnpacking.BLOCK;
import static io.yuntai.engine.kernel.AssembledUnpacking.CODES;
import static io.yuntai.engine.kernel.AssembledUnpacking.GROUP_SCALES;
import static io.yuntai.engine.kernel.AssembledUnpacking.MINIMUM;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUAD;
import static io.yuntai.engine.kernel.AssembledUnpacking.QUADS;
import static io.yuntai.engine.kernel.AssembledUnpacking.SCALE;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#multiply} of block-quantised weights with AVX-512 and VNNI: tiles
 * of 32 rows times one bundle of n tokens.
 *
 * <p>The code is {@code void product(byte* tiles, byte* bundle, float* out, long outBytes, long
 * strideBytes, long shape)}: {@code outBytes} from {@code out} to the first result, {@code
 * strideBytes} from one token's results to the next's, and as shape the number of blocks of a tile
 * (upper half) and of tiles (lower half).
 *
 * <p>Registers hold the sums of 16 rows and n tokens, the codes of 16 rows and 32 columns as eight
 * vectors, and one token's dot product at a time. Up to 8 tokens both halves of the tile's rows are
 * summed in one pass, so that the tile is read as one stream; beyond, one half after the other.
 */
final class AssembledProduct {
  /** Most tokens whose sums for both halves of a tile fit the registers. */
  private static final int ONE_PASS_TOKENS = 8;

  // General registers. The first six are the arguments.
  private static final Register TILES = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register OUT = Register.RDX;
  private static final Register OUT_BYTES = Register.RCX;
  private static final Register STRIDE = Register.R8;
  private static final Register COUNT = Register.R9;
  private static final Register INPUTS = Register.R11;
  private static final Register BLOCKS_LEFT = Register.R12;
  private static final Register GROUPS_LEFT = Register.R13;
  private static final Register RESULT = Register.R14;

  /** Takes the place of an argument that is used up. */
  private static final Register BLOCKS = Register.RCX;

  private static final Register[] SAVED = {GROUP_SCALES, BLOCKS_LEFT, GROUPS_LEFT, RESULT};

  // Vector registers beside those of AssembledUnpacking; 0 to 15 are the sums.
  private static final int DOT = 24;
  private static final int SCALED = 25;

  private final PackedMatrix matrix;
  private final Activations.Form form;
  private final int tokens;
  private final Assembler code = new Assembler(Encoding.EVEX);
  private final AssembledUnpacking unpacking;

  private AssembledProduct(PackedMatrix matrix, Activations.Form form, int tokens) {
    this.matrix = matrix;
    this.form = form;
    this.tokens = tokens;
    this.unpacking = new AssembledUnpacking(code, matrix, false);
  }

  /**
   * Code for matrices with this one's format.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   */
  static byte[] assemble(PackedMatrix matrix, Activations.Form form, int tokens) {
    AssembledProduct product = new AssembledProduct(matrix, form, tokens);
    product.assemble();
    return product.code.toBytes();
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.add(OUT, OUT_BYTES);
    code.move(BLOCKS, COUNT);
    code.shiftRight(BLOCKS, 32);
    unpacking.constants();
    int tile = code.position();
    if (tokens <= ONE_PASS_TOKENS) {
      pass(0, 2);
    } else {
      pass(0, 1);
      pass(1, 1);
    }
    code.move(TILES, BLOCK);
    code.add(OUT, TILE_ROWS * Float.BYTES);
    code.decrement32(COUNT);
    code.jumpIfNotZero(tile);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  /** All columns for one or both halves of a tile's rows. */
  private void pass(int firstHalf, int halves) {
    for (int sum = 0; sum < halves * tokens; sum++) {
      code.zero(sum);
    }
    code.move(BLOCK, TILES);
    code.move(INPUTS, BUNDLE);
    code.move(BLOCKS_LEFT, BLOCKS);
    int block = code.position();
    if (firstHalf == 0) {
      unpacking.prefetchScales();
    }
    code.move(CODES, BLOCK);
    code.add(CODES, matrix.codesOffset());
    int groups = matrix.blockColumns() / CODE_COLUMNS;
    if (groups > 1) {
      code.move(GROUP_SCALES, BLOCK);
      code.add(GROUP_SCALES, matrix.groupScalesOffset());
      code.move(GROUPS_LEFT, groups);
    }
    int group = code.position();
    for (int half = firstHalf; half < firstHalf + halves; half++) {
      unpacking.codes(half);
      unpacking.scales(half);
      for (int token = 0; token < tokens; token++) {
        multiply(token, (half - firstHalf) * tokens + token);
      }
    }
    if (firstHalf == 0) {
      unpacking.prefetch();
    }
    code.add(CODES, 2 * matrix.vectorBytes());
    code.add(INPUTS, tokens * form.tokenBytes());
    if (groups > 1) {
      code.add(GROUP_SCALES, unpacking.parts() * TILE_ROWS);
      code.decrement(GROUPS_LEFT);
      code.jumpIfNotZero(group);
    }
    code.add(BLOCK, matrix.blockBytes());
    code.decrement(BLOCKS_LEFT);
    code.jumpIfNotZero(block);
    results(firstHalf, halves);
  }

  /** One token's 32 columns, added to its sum. */
  private void multiply(int token, int sum) {
    int quads = QUADS / unpacking.parts();
    for (int part = 0; part < unpacking.parts(); part++) {
      dot(token, part * quads, quads, unpacking.parts() == 1 ? 2 : part);
      code.vector(VectorOp.INT32_TO_F32, DOT, DOT);
      int scale = form.scalesOffset(tokens) + token * Float.BYTES;
      code.vector(VectorOp.MULTIPLY_F32, SCALED, SCALE + part, each(INPUTS, scale));
      code.vector(VectorOp.FMA_231_F32, sum, DOT, SCALED);
      if (matrix.hasMin()) {
        int tokenSum =
            form.sumsOffset(tokens, unpacking.parts() == 1 ? 2 : part) + token * Float.BYTES;
        code.vector(VectorOp.FMA_231_F32, sum, MINIMUM + part, each(INPUTS, tokenSum));
      }
    }
  }

  private void dot(int token, int firstQuad, int quads, int part) {
    int offset = form.offsetsOffset(tokens, part) + token * Integer.BYTES;
    boolean signed = !matrix.hasMin();
    if (form == Activations.Form.CODES_16) {
      code.zero(DOT);
      dotBytes(token * CODE_COLUMNS, firstQuad, quads);
      code.shift(ShiftOp.LEFT_INT32, DOT, DOT, 8);
      if (signed) {
        code.vector(VectorOp.ADD_INT32, DOT, DOT, each(INPUTS, offset));
      }
      dotBytes((tokens + token) * CODE_COLUMNS, firstQuad, quads);
    } else {
      if (signed) {
        code.vector(VectorOp.BROADCAST_INT32, DOT, at(INPUTS, offset));
      } else {
        code.zero(DOT);
      }
      dotBytes(token * CODE_COLUMNS, firstQuad, quads);
    }
  }

  private void dotBytes(int from, int firstQuad, int quads) {
    for (int quad = firstQuad; quad < firstQuad + quads; quad++) {
      code.vector(VectorOp.DOT_BYTES, DOT, QUAD + quad, each(INPUTS, from + 4 * quad));
    }
  }

  private void results(int firstHalf, int halves) {
    code.move(RESULT, OUT);
    for (int token = 0; token < tokens; token++) {
      for (int half = 0; half < halves; half++) {
        int to = (firstHalf + half) * VECTOR_ROWS * Float.BYTES;
        code.vector(VectorOp.STORE, half * tokens + token, at(RESULT, to));
      }
      code.add(RESULT, STRIDE);
    }
  }
}
