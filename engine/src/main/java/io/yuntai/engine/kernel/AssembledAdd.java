package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#add} with AVX2 or AVX-512: {@code void add(float* x, long xBytes,
 * float* y, long yBytes, void* unused, long vectors)}, where the bytes lead to the first element.
 */
final class AssembledAdd {
  private static final Register X = Register.RDI;
  private static final Register X_BYTES = Register.RSI;
  private static final Register Y = Register.RDX;
  private static final Register Y_BYTES = Register.RCX;
  private static final Register COUNT = Register.R9;

  private final int lanes;
  private final ArrayCode code;

  AssembledAdd(Encoding encoding) {
    lanes = encoding.vectorBytes() / Float.BYTES;
    code = new ArrayCode(assemble(encoding));
  }

  private static byte[] assemble(Encoding encoding) {
    Assembler code = new Assembler(encoding);
    code.add(X, X_BYTES);
    code.add(Y, Y_BYTES);
    int loop = code.position();
    code.vector(VectorOp.MOVE, 0, at(X, 0));
    code.vector(VectorOp.ADD_F32, 0, 0, at(Y, 0));
    code.vector(VectorOp.STORE, 0, at(X, 0));
    code.add(X, encoding.vectorBytes());
    code.add(Y, encoding.vectorBytes());
    code.decrement(COUNT);
    code.jumpIfNotZero(loop);
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  /** Whole vectors; returns how many elements those are. */
  int add(float[] x, int xOffset, float[] y, int yOffset, int length, HeapArrays arrays) {
    int vectors = length / lanes;
    if (vectors > 0) {
      code.call(
          arrays.segment(x),
          (long) xOffset * Float.BYTES,
          arrays.segment(y),
          (long) yOffset * Float.BYTES,
          vectors);
    }
    return vectors * lanes;
  }
}
