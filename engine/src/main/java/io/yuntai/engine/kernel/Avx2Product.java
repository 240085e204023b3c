package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.kernel.PackedMatrix.CODE_COLUMNS;
import static io.yuntai.engine.kernel.PackedMatrix.TILE_ROWS;
import static io.yuntai.engine.kernel.PackedMatrix.VECTOR_ROWS;

import io.yuntai.engine.jit.Address;
import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ShiftOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#multiply} of block-quantised weights with 256-bit vectors, for
 * processors without AVX-512; called as {@link AssembledProduct} is.
 *
 * <p>A vector holds 8 rows, an octet. Sixteen registers do not hold the sums of a tile and its
 * codes: the codes of one octet and 32 columns (or 16, where these have a scale of their own) stay
 * in registers while one token after the other is multiplied with them, and sums lie on the stack,
 * which costs each token one load and one store in 256 multiply-adds.
 *
 * <p>With AVX-VNNI, four products of bytes are added to an int32 at once. Without it, two are added
 * to an int16, which must not saturate: codes keep their range of 4, 5 or 6 bits, so that 8, 4 or 2
 * such sums fit an int16, and those of 8 bits are taken as two nibbles, one after the other.
 */
final class Avx2Product {
  /** Most tokens with which both halves of a tile's rows have code of their own, not a loop. */
  private static final int UNROLLED_TOKENS = 2;

  private static final int PREFETCH_BYTES = 2048;
  private static final int LINE_BYTES = 64;
  private static final int VECTOR_BYTES = 32;
  private static final int QUADS = 8;
  private static final int OCTETS = TILE_ROWS / 8;

  // General registers. The first six are the arguments.
  private static final Register TILES = Register.RDI;
  private static final Register BUNDLE = Register.RSI;
  private static final Register OUT = Register.RDX;
  private static final Register OUT_BYTES = Register.RCX;
  private static final Register STRIDE = Register.R8;
  private static final Register COUNT = Register.R9;
  private static final Register BLOCK = Register.RAX;
  private static final Register CODES = Register.R10;
  private static final Register INPUTS = Register.R11;
  private static final Register GROUP_SCALES = Register.RBX;
  private static final Register BLOCKS_LEFT = Register.R12;
  private static final Register GROUPS_LEFT = Register.R13;
  private static final Register SUMS = Register.R14;
  private static final Register HALVES_LEFT = Register.R15;
  private static final Register FRAME = Register.RBP;
  private static final Register STACK = Register.RSP;

  /** Takes the place of an argument that is used up. */
  private static final Register BLOCKS = Register.RCX;

  /** Free while results are written. */
  private static final Register RESULT = Register.R10;

  private static final Register[] SAVED = {
    FRAME, GROUP_SCALES, BLOCKS_LEFT, GROUPS_LEFT, SUMS, HALVES_LEFT
  };

  // Vector registers; 0 to 7 are the quads.
  private static final int DOT = 8;
  private static final int INPUT = 9;
  private static final int SCALE = 10;
  private static final int MINIMUM = 11;

  /** What scales are multiplied with; only formats without minima need it. */
  private static final int FACTOR = 11;

  private static final int CODE_MASK = 12;
  private static final int PLANE_MASK = 13;

  /** What sums of int16 are multiplied with when they are widened, where it is not 1. */
  private static final int SIXTEENS = 13;

  private static final int ONES = 14;

  /** Sums of int16. */
  private static final int SHORT_DOT = 15;

  private final PackedMatrix matrix;
  private final Activations.Form form;
  private final int tokens;
  private final boolean vnni;
  private final Assembler code = new Assembler(Encoding.VEX);

  private Avx2Product(PackedMatrix matrix, Activations.Form form, int tokens, boolean vnni) {
    this.matrix = matrix;
    this.form = form;
    this.tokens = tokens;
    this.vnni = vnni;
  }

  /**
   * Code for matrices with this one's format.
   *
   * @param tokens 1 to {@link Activations#BUNDLE}
   * @param vnni whether the processor has AVX-VNNI
   */
  static byte[] assemble(PackedMatrix matrix, Activations.Form form, int tokens, boolean vnni) {
    Avx2Product product = new Avx2Product(matrix, form, tokens, vnni);
    product.assemble();
    return product.code.toBytes();
  }

  private void assemble() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.move(FRAME, STACK);
    code.add(STACK, -(OCTETS + 1) * tokens * VECTOR_BYTES);
    code.and(STACK, -LINE_BYTES);
    code.add(OUT, OUT_BYTES);
    code.move(BLOCKS, COUNT);
    code.shiftRight(BLOCKS, 32);
    constants();
    int tile = code.position();
    tile();
    results();
    code.move(TILES, BLOCK);
    code.add(OUT, TILE_ROWS * Float.BYTES);
    code.decrement32(COUNT);
    code.jumpIfNotZero(tile);
    code.move(STACK, FRAME);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.zeroUpper();
    code.ret();
  }

  private void constants() {
    int shift = unpackShift();
    constant(CODE_MASK, (15 << shift) * 0x01010101);
    if (matrix.codeShift() > 0) {
      constant(FACTOR, Float.floatToRawIntBits(1f / (1 << matrix.codeShift())));
    }
    int bits = matrix.form().bits();
    if (bits == 5 || bits == 6) {
      constant(PLANE_MASK, (((1 << bits) - 16) << shift) * 0x01010101);
    }
    if (!vnni) {
      constant(ONES, 0x00010001);
      if (bits == 8) {
        constant(SIXTEENS, 0x00100010);
      }
    }
  }

  private void constant(int register, int value) {
    code.move(BLOCK, value);
    code.store32(at(STACK, 0), BLOCK);
    code.vector(VectorOp.BROADCAST_INT32, register, at(STACK, 0));
  }

  /** How far codes are shifted when they are unpacked. */
  private int unpackShift() {
    return vnni ? matrix.codeShift() : 0;
  }

  /** Groups with scales of their own in 32 columns. */
  private int parts() {
    return CODE_COLUMNS / matrix.groupSize();
  }

  /** All columns of a tile. */
  private void tile() {
    code.zero(DOT);
    for (int sum = 0; sum < OCTETS * tokens; sum++) {
      code.vector(VectorOp.STORE, DOT, at(STACK, sum * VECTOR_BYTES));
    }
    code.move(BLOCK, TILES);
    code.move(INPUTS, BUNDLE);
    code.move(BLOCKS_LEFT, BLOCKS);
    int block = code.position();
    code.move(CODES, BLOCK);
    code.add(CODES, matrix.codesOffset());
    int groups = matrix.blockColumns() / CODE_COLUMNS;
    if (groups > 1) {
      code.move(GROUP_SCALES, BLOCK);
      code.add(GROUP_SCALES, matrix.groupScalesOffset());
      code.move(GROUPS_LEFT, groups);
    }
    int group = code.position();
    if (tokens <= UNROLLED_TOKENS) {
      code.move(SUMS, STACK);
      half(0);
      half(1);
      code.add(CODES, 2 * matrix.vectorBytes());
      code.add(GROUP_SCALES, parts() * TILE_ROWS);
    } else {
      halvesInTurn();
    }
    code.add(INPUTS, tokens * form.tokenBytes());
    if (groups > 1) {
      code.decrement(GROUPS_LEFT);
      code.jumpIfNotZero(group);
    }
    code.add(BLOCK, matrix.blockBytes());
    code.decrement(BLOCKS_LEFT);
    code.jumpIfNotZero(block);
  }

  private void halvesInTurn() {
    int scaleBytes = VECTOR_ROWS * matrix.scaleBytes();
    code.move(SUMS, STACK);
    code.move(HALVES_LEFT, 2);
    int half = code.position();
    half(0);
    code.add(CODES, matrix.vectorBytes());
    code.add(BLOCK, scaleBytes);
    code.add(GROUP_SCALES, VECTOR_ROWS);
    code.add(SUMS, 2 * tokens * VECTOR_BYTES);
    code.decrement(HALVES_LEFT);
    code.jumpIfNotZero(half);
    code.add(BLOCK, -2 * scaleBytes);
    code.add(GROUP_SCALES, (parts() - 1) * TILE_ROWS);
  }

  /** 32 columns of 16 rows. */
  private void half(int half) {
    for (int at = 0; at < matrix.vectorBytes(); at += LINE_BYTES) {
      code.prefetch(at(CODES, PREFETCH_BYTES + half * matrix.vectorBytes() + at));
    }
    for (int octet = 2 * half; octet < 2 * half + 2; octet++) {
      if (!vnni && matrix.form() == PackedMatrix.Form.BYTES) {
        splitBytes(octet);
      } else {
        for (int part = 0; part < parts(); part++) {
          unpack(octet, part);
          scales(octet, part);
          for (int token = 0; token < tokens; token++) {
            dot(token, part, ONES);
            addToSum(octet, token, part);
          }
        }
      }
    }
  }

  /** Both nibbles of 8-bit codes in turn; the first one's products wait on the stack. */
  private void splitBytes(int octet) {
    for (int quad = 0; quad < QUADS; quad++) {
      code.vector(VectorOp.AND, quad, CODE_MASK, codes(octet, quad));
    }
    for (int token = 0; token < tokens; token++) {
      dot(token, 0, ONES);
      code.vector(VectorOp.STORE, DOT, waiting(token));
    }
    for (int quad = 0; quad < QUADS; quad++) {
      shifted(quad, octet, quad, -4);
      code.vector(VectorOp.AND, quad, quad, CODE_MASK);
    }
    scales(octet, 0);
    for (int token = 0; token < tokens; token++) {
      dot(token, 0, SIXTEENS);
      code.vector(VectorOp.ADD_INT32, DOT, DOT, waiting(token));
      addToSum(octet, token, 0);
    }
  }

  private Address waiting(int token) {
    return at(STACK, (OCTETS * tokens + token) * VECTOR_BYTES);
  }

  private Address codes(int octet, int vector) {
    int half = octet / 2;
    int from = half * matrix.vectorBytes() + vector * LINE_BYTES + octet % 2 * VECTOR_BYTES;
    return at(CODES, from);
  }

  /** Codes of 8 rows and a part of 32 columns, times 2^unpackShift, one vector per quad. */
  private void unpack(int octet, int part) {
    int shift = unpackShift();
    int planeBits = matrix.form().bits() - 4;
    for (int i = 0; i < QUADS / parts(); i++) {
      int quad = part * QUADS / parts() + i;
      if (matrix.form() == PackedMatrix.Form.BYTES) {
        code.vector(VectorOp.MOVE, i, codes(octet, quad));
        continue;
      }
      int left = quad < 4 ? shift : shift - 4;
      if (left == 0) {
        code.vector(VectorOp.AND, i, CODE_MASK, codes(octet, quad % 4));
      } else {
        shifted(i, octet, quad % 4, left);
        code.vector(VectorOp.AND, i, i, CODE_MASK);
      }
      if (planeBits > 0) {
        int perPlane = 8 / planeBits;
        shifted(DOT, octet, 4 + quad / perPlane, 4 + shift - quad % perPlane * planeBits);
        code.vector(VectorOp.AND, DOT, DOT, PLANE_MASK);
        code.vector(VectorOp.OR, i, i, DOT);
      }
    }
  }

  private void shifted(int to, int octet, int vector, int left) {
    code.vector(VectorOp.MOVE, to, codes(octet, vector));
    if (left != 0) {
      code.shift(left > 0 ? ShiftOp.LEFT_INT16 : ShiftOp.RIGHT_INT16, to, to, Math.abs(left));
    }
  }

  /** Scales and minima of 8 rows for a part of 32 columns. */
  private void scales(int octet, int part) {
    int row = octet * 8;
    blockScale(SCALE, row * matrix.scaleBytes());
    if (matrix.codeShift() > 0) {
      code.vector(VectorOp.MULTIPLY_F32, SCALE, SCALE, FACTOR);
    }
    if (matrix.hasMin()) {
      blockScale(MINIMUM, matrix.minimaOffset() + row * matrix.scaleBytes());
    }
    if (matrix.hasGroupScales()) {
      groupScale(SCALE, part * TILE_ROWS + row);
      if (matrix.hasMin()) {
        int minima = matrix.groupMinimaOffset() - matrix.groupScalesOffset();
        groupScale(MINIMUM, minima + part * TILE_ROWS + row);
      }
    }
  }

  private void blockScale(int to, int from) {
    VectorOp op = matrix.scaleBytes() == 2 ? VectorOp.F16_TO_F32 : VectorOp.MOVE;
    code.vector(op, to, at(BLOCK, from));
  }

  private void groupScale(int to, int from) {
    code.vector(VectorOp.INT8_TO_INT32, DOT, at(GROUP_SCALES, from));
    code.vector(VectorOp.INT32_TO_F32, DOT, DOT);
    code.vector(VectorOp.MULTIPLY_F32, to, to, DOT);
  }

  /** Products of the quads with one token's codes. */
  private void dot(int token, int part, int widening) {
    int upper = token * CODE_COLUMNS + part * CODE_COLUMNS / parts();
    int lower = upper + tokens * CODE_COLUMNS;
    if (vnni) {
      code.zero(DOT);
      dotBytes(upper);
      if (form == Activations.Form.CODES_16) {
        code.shift(ShiftOp.LEFT_INT32, DOT, DOT, 8);
        dotBytes(lower);
      }
    } else {
      dotShorts(upper, widening, true);
      if (form == Activations.Form.CODES_16) {
        code.shift(ShiftOp.LEFT_INT32, DOT, DOT, 8);
        dotShorts(lower, widening, false);
      }
      if (matrix.codeShift() > 0) {
        code.shift(ShiftOp.LEFT_INT32, DOT, DOT, matrix.codeShift());
      }
    }
  }

  private void dotBytes(int from) {
    for (int quad = 0; quad < QUADS / parts(); quad++) {
      code.vector(VectorOp.BROADCAST_INT32, INPUT, at(INPUTS, from + 4 * quad));
      code.vector(VectorOp.DOT_BYTES, DOT, quad, INPUT);
    }
  }

  private void dotShorts(int from, int widening, boolean first) {
    int quads = QUADS / parts();
    int perSum =
        switch (matrix.form()) {
          case FIVES -> 4; // 4 * 2 * 31 * 128 < 2^15
          case SIXES -> 2; // 2 * 2 * 63 * 128 < 2^15
          default -> 8; // 8 * 2 * 15 * 128 < 2^15
        };
    for (int quad = 0; quad < quads; quad++) {
      code.vector(VectorOp.BROADCAST_INT32, INPUT, at(INPUTS, from + 4 * quad));
      if (quad % perSum == 0) {
        code.vector(VectorOp.MULTIPLY_ADD_BYTES, SHORT_DOT, quad, INPUT);
      } else {
        code.vector(VectorOp.MULTIPLY_ADD_BYTES, INPUT, quad, INPUT);
        code.vector(VectorOp.ADD_INT16, SHORT_DOT, SHORT_DOT, INPUT);
      }
      if (quad % perSum == perSum - 1 || quad == quads - 1) {
        boolean opens = first && quad < perSum;
        code.vector(VectorOp.MULTIPLY_ADD_INT16, opens ? DOT : SHORT_DOT, SHORT_DOT, widening);
        if (!opens) {
          code.vector(VectorOp.ADD_INT32, DOT, DOT, SHORT_DOT);
        }
      }
    }
  }

  /** Adds a dot product of codes, scaled, to the sum of its rows and token. */
  private void addToSum(int octet, int token, int part) {
    int which = parts() == 1 ? 2 : part;
    if (!matrix.hasMin()) {
      int offset = form.offsetsOffset(tokens, which) + token * Integer.BYTES;
      code.vector(VectorOp.BROADCAST_INT32, INPUT, at(INPUTS, offset));
      code.vector(VectorOp.ADD_INT32, DOT, DOT, INPUT);
    }
    Address sum = at(SUMS, (octet * tokens + token) * VECTOR_BYTES);
    code.vector(VectorOp.INT32_TO_F32, DOT, DOT);
    int scale = form.scalesOffset(tokens) + token * Float.BYTES;
    code.vector(VectorOp.BROADCAST_F32, INPUT, at(INPUTS, scale));
    code.vector(VectorOp.MULTIPLY_F32, INPUT, SCALE, INPUT);
    code.vector(VectorOp.FMA_213_F32, DOT, INPUT, sum);
    if (matrix.hasMin()) {
      int tokenSum = form.sumsOffset(tokens, which) + token * Float.BYTES;
      code.vector(VectorOp.BROADCAST_F32, INPUT, at(INPUTS, tokenSum));
      code.vector(VectorOp.FMA_231_F32, DOT, MINIMUM, INPUT);
    }
    code.vector(VectorOp.STORE, DOT, sum);
  }

  private void results() {
    code.move(RESULT, OUT);
    for (int token = 0; token < tokens; token++) {
      for (int octet = 0; octet < OCTETS; octet++) {
        code.vector(VectorOp.MOVE, octet, at(STACK, (octet * tokens + token) * VECTOR_BYTES));
        code.vector(VectorOp.STORE, octet, at(RESULT, octet * VECTOR_BYTES));
      }
      code.add(RESULT, STRIDE);
    }
  }
}
