package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#addRows} with AVX2 or AVX-512: {@code void add(float* x, long
 * xRows, float* y, long yRows, void* unused, long shape)}. The lower half of {@code xRows} are the
 * bytes to the first row, the upper half those from a row to the next; {@code yRows} likewise. The
 * shape is the number of rows (upper half) and of vectors of a row (lower half).
 */
final class AssembledAdd {
  private static final Register X = Register.RDI;
  private static final Register X_STRIDE = Register.RSI;
  private static final Register Y = Register.RDX;
  private static final Register Y_STRIDE = Register.RCX;
  private static final Register VECTORS = Register.R9;
  private static final Register ROWS = Register.R10;
  private static final Register X_AT = Register.RAX;
  private static final Register Y_AT = Register.R8;
  private static final Register LEFT = Register.R11;

  private final int lanes;
  private final ArrayCode code;

  AssembledAdd(Encoding encoding) {
    lanes = encoding.vectorBytes() / Float.BYTES;
    code = new ArrayCode(assemble(encoding));
  }

  private static byte[] assemble(Encoding encoding) {
    Assembler code = new Assembler(encoding);
    first(code, X, X_STRIDE);
    first(code, Y, Y_STRIDE);
    code.move(ROWS, VECTORS);
    code.shiftRight(ROWS, Integer.SIZE);
    code.lowerHalf(VECTORS);
    int row = code.position();
    code.move(X_AT, X);
    code.move(Y_AT, Y);
    code.move(LEFT, VECTORS);
    int loop = code.position();
    code.vector(VectorOp.MOVE, 0, at(X_AT, 0));
    code.vector(VectorOp.ADD_F32, 0, 0, at(Y_AT, 0));
    code.vector(VectorOp.STORE, 0, at(X_AT, 0));
    code.add(X_AT, encoding.vectorBytes());
    code.add(Y_AT, encoding.vectorBytes());
    code.decrement(LEFT);
    code.jumpIfNotZero(loop);
    code.add(X, X_STRIDE);
    code.add(Y, Y_STRIDE);
    code.decrement(ROWS);
    code.jumpIfNotZero(row);
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  private static void first(Assembler code, Register rows, Register bytes) {
    code.move(LEFT, bytes);
    code.lowerHalf(LEFT);
    code.add(rows, LEFT);
    code.shiftRight(bytes, Integer.SIZE);
  }

  /** As {@link Kernels#addRows} of whole vectors; returns how many elements of a row those are. */
  int addRows(
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      int rows,
      int length,
      HeapArrays arrays) {
    int vectors = length / lanes;
    if (vectors > 0) {
      code.call(
          arrays.segment(x),
          bytes(xOffset, xStride),
          arrays.segment(y),
          bytes(yOffset, yStride),
          ((long) rows << Integer.SIZE) | vectors);
    }
    return vectors * lanes;
  }

  private static long bytes(int offset, int stride) {
    return (((long) stride * Float.BYTES) << Integer.SIZE) | ((long) offset * Float.BYTES);
  }
}
