package io.yuntai.engine.measure;

import io.yuntai.engine.jit.Assembler;
import io.yuntai.engine.jit.Assembler.Encoding;
import io.yuntai.engine.jit.CpuFeatures;
import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import io.yuntai.engine.jit.Register;
import io.yuntai.engine.jit.VectorOp;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Dot products of bytes (VNNI), the instruction that products of quantised weights are made of. */
final class DotBytesPeak implements MachinePeak {
  /** Sums in flight: more than an instruction's latency times those begun in a cycle. */
  private static final int SUMS = 12;

  private final Encoding encoding;
  private final MethodHandle code;

  private DotBytesPeak(Encoding encoding) {
    this.encoding = encoding;
    this.code =
        ExecutableMemory.install(
            assemble(encoding), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
  }

  /** Empty where the processor has no such instruction, or the system allows no code of ours. */
  static Optional<MachinePeak> create() {
    CpuFeatures features = CpuFeatures.detect();
    if (features.avx512Vnni()) {
      return Optional.of(new DotBytesPeak(Encoding.EVEX));
    }
    return features.avxVnni() ? Optional.of(new DotBytesPeak(Encoding.VEX)) : Optional.empty();
  }

  /** {@code void peak(long rounds)}. */
  private static byte[] assemble(Encoding encoding) {
    Assembler assembler = new Assembler(encoding);
    for (int register = 0; register <= SUMS + 1; register++) {
      assembler.zero(register);
    }
    int round = assembler.position();
    for (int sum = 0; sum < SUMS; sum++) {
      assembler.vector(VectorOp.DOT_BYTES, sum, SUMS, SUMS + 1);
    }
    assembler.decrement(Register.RDI);
    assembler.jumpIfNotZero(round);
    assembler.zeroUpper();
    assembler.ret();
    return assembler.toBytes();
  }

  @Override
  public String name() {
    return "int8 dot products, " + encoding.vectorBytes() * 8 + " bits";
  }

  @Override
  public long run(int rounds) {
    try {
      code.invokeExact((long) rounds);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
    return (long) rounds * SUMS * encoding.vectorBytes();
  }
}
