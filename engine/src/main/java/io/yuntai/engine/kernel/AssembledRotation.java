package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#rotate} with AVX-512, for heads of one shape: {@code void
 * rotate(float* x, long xBytes, float* cosines, long rowBytes, float* sines, long heads)}, where
 * the bytes lead to the first head and to the position's row.
 *
 * <p>A position's cosines and sines stay in registers for all heads.
 *
 * @param shape of the heads
 * @param code what rotates them
 */
record AssembledRotation(Shape shape, ArrayCode code) {
  /**
   * Heads that a code is for.
   *
   * @param headLength elements from one head to the next
   * @param adjacent whether pairs are neighbours
   * @param pairs how many are rotated
   */
  record Shape(int headLength, boolean adjacent, int pairs) {
    /** Pairs of a vector. */
    private int lanes() {
      return adjacent ? LANES / 2 : LANES;
    }

    /** Whether vectors of angles are whole and all fit into registers. */
    boolean isSupported() {
      return pairs > 0 && pairs % lanes() == 0 && pairs / lanes() <= VECTORS_MAX;
    }
  }

  private static final int LANES = 16;
  private static final int VECTOR_BYTES = LANES * Float.BYTES;
  private static final int VECTORS_MAX = 12;
  private static final Register X = Register.RDI;
  private static final Register X_BYTES = Register.RSI;
  private static final Register COSINES = Register.RDX;
  private static final Register ROW_BYTES = Register.RCX;
  private static final Register SINES = Register.R8;
  private static final Register HEADS = Register.R9;
  private static final Register TEMPORARY = Register.RAX;

  // Registers: two for each vector of angles, then those to work in.
  private static final int A = 2 * VECTORS_MAX;
  private static final int B = A + 1;
  private static final int PRODUCT = A + 2;
  private static final int OTHER_PRODUCT = A + 3;

  private static final int ODD_LANES = 1;
  private static final int EACH_EVEN_TWICE = 0xA0;
  private static final int EACH_ODD_TWICE = 0xF5;

  /** Makes code for heads of a supported shape. */
  static AssembledRotation of(Shape shape) {
    Assembler code = new Assembler(Encoding.EVEX);
    int vectors = shape.pairs() / shape.lanes();
    code.add(X, X_BYTES);
    code.add(COSINES, ROW_BYTES);
    code.add(SINES, ROW_BYTES);
    if (shape.adjacent()) {
      code.move(TEMPORARY, 0xAAAA);
      code.mask(ODD_LANES, TEMPORARY);
    }
    for (int i = 0; i < vectors; i++) {
      if (shape.adjacent()) {
        angleOfNeighbours(code, i);
      } else {
        code.vector(VectorOp.MOVE, 2 * i, at(COSINES, i * VECTOR_BYTES));
        code.vector(VectorOp.MOVE, 2 * i + 1, at(SINES, i * VECTOR_BYTES));
      }
    }
    int head = code.position();
    for (int i = 0; i < vectors; i++) {
      if (shape.adjacent()) {
        neighbours(code, i);
      } else {
        halves(code, i, shape.pairs() * Float.BYTES);
      }
    }
    code.add(X, shape.headLength() * Float.BYTES);
    code.decrement(HEADS);
    code.jumpIfNotZero(head);
    code.zeroUpper();
    code.ret();
    return new AssembledRotation(shape, new ArrayCode(code.toBytes()));
  }

  /** {@code a' = a cos - b sin} and {@code b' = a sin + b cos}, products of b rounded first. */
  private static void halves(Assembler code, int i, int distance) {
    int cosine = 2 * i;
    int sine = cosine + 1;
    int first = i * VECTOR_BYTES;
    code.vector(VectorOp.MOVE, A, at(X, first));
    code.vector(VectorOp.MOVE, B, at(X, first + distance));
    code.vector(VectorOp.MULTIPLY_F32, PRODUCT, B, sine);
    code.vector(VectorOp.MULTIPLY_F32, OTHER_PRODUCT, B, cosine);
    code.vector(VectorOp.MOVE, B, A);
    code.vector(VectorOp.FMS_213_F32, A, cosine, PRODUCT);
    code.vector(VectorOp.FMA_213_F32, B, sine, OTHER_PRODUCT);
    code.vector(VectorOp.STORE, A, at(X, first));
    code.vector(VectorOp.STORE, B, at(X, first + distance));
  }

  /** Cosine and sine by turns, which a's meet, and sine and cosine by turns for b's. */
  private static void angleOfNeighbours(Assembler code, int i) {
    code.vector(VectorOp.UINT32_TO_INT64, A, at(COSINES, i * VECTOR_BYTES / 2));
    code.vector(VectorOp.UINT32_TO_INT64, B, at(SINES, i * VECTOR_BYTES / 2));
    code.vector(VectorOp.SHUFFLE_INT32, A, 0, A, EACH_EVEN_TWICE);
    code.vector(VectorOp.SHUFFLE_INT32, B, 0, B, EACH_EVEN_TWICE);
    code.blend(ODD_LANES, 2 * i, A, B);
    code.blend(ODD_LANES, 2 * i + 1, B, A);
  }

  /** The same for pairs side by side: even lanes subtract, odd lanes add. */
  private static void neighbours(Assembler code, int i) {
    int first = i * VECTOR_BYTES;
    code.vector(VectorOp.MOVE, B, at(X, first));
    code.vector(VectorOp.SHUFFLE_INT32, A, 0, B, EACH_EVEN_TWICE);
    code.vector(VectorOp.SHUFFLE_INT32, B, 0, B, EACH_ODD_TWICE);
    code.vector(VectorOp.MULTIPLY_F32, PRODUCT, B, 2 * i + 1);
    code.vector(VectorOp.FMA_SUB_ADD_213_F32, A, 2 * i, PRODUCT);
    code.vector(VectorOp.STORE, A, at(X, first));
  }

  boolean isFor(int headLength, boolean adjacent, int pairs) {
    return shape.headLength() == headLength
        && shape.adjacent() == adjacent
        && shape.pairs() == pairs;
  }

  /** As {@link Kernels#rotate}. */
  void rotate(
      float[] x,
      int offset,
      int heads,
      float[] cosines,
      float[] sines,
      int row,
      HeapArrays arrays) {
    code.call(
        arrays.segment(x),
        (long) offset * Float.BYTES,
        arrays.segment(cosines),
        (long) row * Float.BYTES,
        arrays.segment(sines),
        heads);
  }
}
