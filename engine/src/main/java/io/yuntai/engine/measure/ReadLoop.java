package io.yuntai.engine.measure;

import io.yuntai.engine.jit.Address;
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

/**
 * Machine code that reads memory and does nothing else: {@code void read(byte* from, long rounds)}.
 *
 * <p>Lines are asked for far ahead, into the second cache, which waits for more of them at a time
 * than the first: 36 GB/s on two threads of a Sapphire Rapids class machine, where plain loads get
 * 31.
 */
final class ReadLoop {
  /** Bytes of a round. */
  static final int ROUND_BYTES = 512;

  private static final int LINE_BYTES = 64;
  private static final int AHEAD_BYTES = 4096;

  private final MethodHandle code;

  private ReadLoop(Encoding encoding) {
    code =
        ExecutableMemory.install(
            assemble(encoding),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  }

  /** Empty where no such code runs. */
  static Optional<ReadLoop> create() {
    CpuFeatures features = CpuFeatures.detect();
    if (ExecutableMemory.isRefused()) {
      return Optional.empty();
    }
    if (features.avx512()) {
      return Optional.of(new ReadLoop(Encoding.EVEX));
    }
    return features.avx2() ? Optional.of(new ReadLoop(Encoding.VEX)) : Optional.empty();
  }

  private static byte[] assemble(Encoding encoding) {
    Assembler assembler = new Assembler(encoding);
    int round = assembler.position();
    for (int line = 0; line < ROUND_BYTES; line += LINE_BYTES) {
      assembler.prefetchToSecondLevel(Address.at(Register.RDI, AHEAD_BYTES + line));
      for (int at = line; at < line + LINE_BYTES; at += encoding.vectorBytes()) {
        int register = at / encoding.vectorBytes() % encoding.registers();
        assembler.vector(VectorOp.MOVE, register, Address.at(Register.RDI, at));
      }
    }
    assembler.add(Register.RDI, ROUND_BYTES);
    assembler.decrement(Register.RSI);
    assembler.jumpIfNotZero(round);
    assembler.zeroUpper();
    assembler.ret();
    return assembler.toBytes();
  }

  /**
   * Reads so many bytes, a multiple of {@link #ROUND_BYTES}.
   *
   * @param address of readable memory
   */
  void read(long address, long bytes) {
    try {
      code.invokeExact(address, bytes / ROUND_BYTES);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
