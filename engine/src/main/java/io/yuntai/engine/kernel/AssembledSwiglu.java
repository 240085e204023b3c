package io.yuntai.engine.kernel;

import static io.yuntai.engine.jit.Address.at;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;

/**
 * Machine code for {@link Kernels#swiglu} with AVX-512: {@code void swiglu(float* gate, long
 * gateBytes, float* up, long upBytes, void* unused, long vectors)}, where the bytes lead to the
 * first element.
 */
final class AssembledSwiglu {
  private static final int LANES = 16;
  private static final int VECTOR_BYTES = LANES * Float.BYTES;
  private static final Register GATE = Register.RDI;
  private static final Register GATE_BYTES = Register.RSI;
  private static final Register UP = Register.RDX;
  private static final Register UP_BYTES = Register.RCX;
  private static final Register COUNT = Register.R9;
  private static final int MAX = AssembledExponential.END;
  private static final int SIGN = AssembledExponential.END + 1;

  private final ArrayCode code = new ArrayCode(assemble());

  private static byte[] assemble() {
    Assembler code = new Assembler(Encoding.EVEX);
    AssembledExponential exponential = new AssembledExponential(code, Register.RAX, 1);
    exponential.constants();
    exponential.constant(MAX, Exponential.MAX);
    exponential.constant(SIGN, -0f);
    code.add(GATE, GATE_BYTES);
    code.add(UP, UP_BYTES);
    int loop = code.position();
    code.vector(VectorOp.MOVE, 0, at(GATE, 0));
    code.vector(VectorOp.XOR, 1, 0, SIGN);
    code.vector(VectorOp.MIN_F32, 1, MAX, 1); // in this order it keeps what is not a number
    exponential.exponential(1, 2);
    code.vector(VectorOp.ADD_F32, 1, 1, AssembledExponential.ONE);
    code.vector(VectorOp.DIVIDE_F32, 0, 0, 1);
    code.vector(VectorOp.MULTIPLY_F32, 0, 0, at(UP, 0));
    code.vector(VectorOp.STORE, 0, at(GATE, 0));
    code.add(GATE, VECTOR_BYTES);
    code.add(UP, VECTOR_BYTES);
    code.decrement(COUNT);
    code.jumpIfNotZero(loop);
    code.zeroUpper();
    code.ret();
    return code.toBytes();
  }

  /** Whole vectors of 16; returns how many elements those are. */
  int swiglu(
      float[] gate, int gateOffset, float[] up, int upOffset, int length, KernelScratch scratch) {
    int vectors = length / LANES;
    if (vectors == 0) {
      return 0;
    }
    code.call(
        scratch.segment(gate),
        (long) gateOffset * Float.BYTES,
        scratch.segment(up),
        (long) upOffset * Float.BYTES,
        vectors);
    return vectors * LANES;
  }
}
