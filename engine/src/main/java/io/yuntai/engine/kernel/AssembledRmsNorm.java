package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.ScalarOp;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#rmsNorm} with AVX-512: {@code void rmsNorm(float* x, long xBytes,
 * float* weight, long shape, float* y, long yBytes)}. The shape is the number of vectors in its
 * upper half and epsilon, an F32, in its lower; the bytes lead to the first element.
 *
 * <p>The 16 lanes of a vector are the contract's 16 partial sums.
 */
final class AssembledRmsNorm {
  private static final int LANES = 16;
  private static final int VECTOR_BYTES = LANES * Float.BYTES;
  private static final Register X = Register.RDI;
  private static final Register X_BYTES = Register.RSI;
  private static final Register WEIGHT = Register.RDX;
  private static final Register SHAPE = Register.RCX;
  private static final Register Y = Register.R8;
  private static final Register Y_BYTES = Register.R9;
  private static final Register COUNT = Register.R10;
  private static final Register FROM = Register.RAX;
  private static final Register LEFT = Register.R11;

  /** From an element to the next token's, which another core has often written. */
  private static final Register NEXT_ROW = X_BYTES;

  private static final int SUM = 0;
  private static final int VALUES = 1;
  private static final int OTHER = 2;
  private static final int EPSILON = 3;
  private static final int LENGTH = 4;
  private static final int ONE = 5;

  // Immediates of shuffles.
  private static final int SWAP_HALVES = 0x4E;
  private static final int SWAP_NEIGHBOURS = 0xB1;

  private final ArrayCode code = new ArrayCode(assemble());

  private static byte[] assemble() {
    Assembler code = new Assembler(Encoding.EVEX);
    code.add(X, X_BYTES);
    code.add(Y, Y_BYTES);
    code.move(COUNT, SHAPE);
    code.shiftRight(COUNT, Integer.SIZE);
    sumOfSquares(code);
    inverseRoot(code);
    int loop = code.position();
    code.vector(VectorOp.MULTIPLY_F32, VALUES, SUM, at(X, 0));
    code.vector(VectorOp.MULTIPLY_F32, VALUES, VALUES, at(WEIGHT, 0));
    code.vector(VectorOp.STORE, VALUES, at(Y, 0));
    code.add(X, VECTOR_BYTES);
    code.add(WEIGHT, VECTOR_BYTES);
    code.add(Y, VECTOR_BYTES);
    code.decrement(COUNT);
    code.jumpIfNotZero(loop);
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  private static void sumOfSquares(Assembler code) {
    code.zero(SUM);
    code.move(FROM, X);
    code.move(LEFT, COUNT);
    code.multiply(NEXT_ROW, COUNT, VECTOR_BYTES);
    int loop = code.position();
    code.vector(VectorOp.MOVE, VALUES, at(FROM, 0));
    code.prefetch(at(FROM, NEXT_ROW, 1, 0));
    code.vector(VectorOp.FMA_231_F32, SUM, VALUES, VALUES);
    code.add(FROM, VECTOR_BYTES);
    code.decrement(LEFT);
    code.jumpIfNotZero(loop);
    code.vector(VectorOp.SHUFFLE_QUARTERS, OTHER, SUM, SUM, SWAP_HALVES);
    code.vector(VectorOp.ADD_F32, SUM, SUM, OTHER);
    code.vector(VectorOp.SHUFFLE_QUARTERS, OTHER, SUM, SUM, SWAP_NEIGHBOURS);
    code.vector(VectorOp.ADD_F32, SUM, SUM, OTHER);
    code.vector(VectorOp.SHUFFLE_INT32, OTHER, 0, SUM, SWAP_HALVES);
    code.vector(VectorOp.ADD_F32, SUM, SUM, OTHER);
    code.vector(VectorOp.SHUFFLE_INT32, OTHER, 0, SUM, SWAP_NEIGHBOURS);
    code.vector(VectorOp.ADD_F32, SUM, SUM, OTHER);
  }

  /** {@code 1 / sqrt(sum / length + epsilon)}, in double, rounded once, in all lanes. */
  private static void inverseRoot(Assembler code) {
    code.broadcast(EPSILON, SHAPE);
    code.scalar(ScalarOp.F32_TO_F64, EPSILON, EPSILON, EPSILON);
    code.multiply(LEFT, COUNT, LANES);
    code.toF64(LENGTH, LEFT);
    code.move(LEFT, 1);
    code.toF64(ONE, LEFT);
    code.scalar(ScalarOp.F32_TO_F64, SUM, SUM, SUM);
    code.scalar(ScalarOp.DIVIDE_F64, SUM, SUM, LENGTH);
    code.scalar(ScalarOp.ADD_F64, SUM, SUM, EPSILON);
    code.scalar(ScalarOp.ROOT_F64, SUM, SUM, SUM);
    code.scalar(ScalarOp.DIVIDE_F64, SUM, ONE, SUM);
    code.scalar(ScalarOp.F64_TO_F32, SUM, SUM, SUM);
    code.vector(VectorOp.BROADCAST_F32, SUM, SUM);
  }

  /** Whether rows of such a length are made of whole vectors. */
  static boolean supports(int length) {
    return length > 0 && length % LANES == 0;
  }

  /** As {@link Kernels#rmsNorm}. */
  void rmsNorm(
      float[] x,
      int xOffset,
      float[] weight,
      float epsilon,
      float[] y,
      int yOffset,
      int length,
      KernelScratch scratch) {
    long vectors = length / LANES;
    code.call(
        scratch.segment(x),
        (long) xOffset * Float.BYTES,
        scratch.segment(weight),
        (vectors << Integer.SIZE) | Integer.toUnsignedLong(Float.floatToRawIntBits(epsilon)),
        scratch.segment(y),
        (long) yOffset * Float.BYTES);
  }
}
