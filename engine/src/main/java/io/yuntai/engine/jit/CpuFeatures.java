package io.yuntai.engine.jit;

import io.yuntai.engine.jit.Assembler.Encoding;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What the processor can do and the system lets it do, asked of the processor itself by {@code
 * cpuid} and {@code xgetbv} (Intel 64 and IA-32 Architectures Software Developer's Manual, volume
 * 2A).
 *
 * @param avx2 256-bit integer and fma instructions, and F16 conversion
 * @param avxVnni byte dot products in VEX form
 * @param avx512 512-bit instructions (F, BW, DQ, VL)
 * @param avx512Vnni byte dot products in EVEX form
 * @param amxInt8 matrix instructions for bytes, and affine transformations of a byte's bits
 */
public record CpuFeatures(
    boolean avx2, boolean avxVnni, boolean avx512, boolean avx512Vnni, boolean amxInt8) {
  private static final CpuFeatures NONE = new CpuFeatures(false, false, false, false, false);

  /** Bits of XCR0: states of XMM and YMM registers. */
  private static final int YMM_STATE = 0x06;

  /** Bits of XCR0: states of mask and ZMM registers too. */
  private static final int ZMM_STATE = 0xE6;

  /** Bits of XCR0: shapes and contents of tiles. */
  private static final int TILE_STATE = 0x60000;

  /** Asks the processor; nothing on another architecture or where code can't be made. */
  public static CpuFeatures detect() {
    if (!ExecutableMemory.isSupported()) {
      return NONE;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(4 * Integer.BYTES, 8);
      MethodHandle cpuid = question(false);
      ask(cpuid, 0, 0, answer);
      if (answer.getAtIndex(ValueLayout.JAVA_INT, 0) < 7) {
        return NONE;
      }
      ask(cpuid, 1, 0, answer);
      int leaf1 = answer.getAtIndex(ValueLayout.JAVA_INT, 2);
      boolean fma = bit(leaf1, 12);
      boolean f16c = bit(leaf1, 29);
      if (!bit(leaf1, 27)) { // without OSXSAVE there is no xgetbv
        return NONE;
      }
      ask(question(true), 0, 0, answer);
      int states = answer.getAtIndex(ValueLayout.JAVA_INT, 0);
      ask(cpuid, 7, 0, answer);
      int leaf7b = answer.getAtIndex(ValueLayout.JAVA_INT, 1);
      int leaf7c = answer.getAtIndex(ValueLayout.JAVA_INT, 2);
      int leaf7d = answer.getAtIndex(ValueLayout.JAVA_INT, 3);
      int subleaves = answer.getAtIndex(ValueLayout.JAVA_INT, 0);
      boolean avx2 = (states & YMM_STATE) == YMM_STATE && bit(leaf7b, 5) && fma && f16c;
      boolean avx512 =
          avx2
              && (states & ZMM_STATE) == ZMM_STATE
              && bit(leaf7b, 16)
              && bit(leaf7b, 17)
              && bit(leaf7b, 30)
              && bit(leaf7b, 31);
      boolean avxVnni = false;
      if (subleaves >= 1) {
        ask(cpuid, 7, 1, answer);
        avxVnni = avx2 && bit(answer.getAtIndex(ValueLayout.JAVA_INT, 0), 4);
      }
      boolean avx512Vnni = avx512 && bit(leaf7c, 11);
      boolean amxInt8 =
          avx512Vnni
              && (states & TILE_STATE) == TILE_STATE
              && bit(leaf7d, 24)
              && bit(leaf7d, 25)
              && bit(leaf7c, 8) // GFNI, which all of them have
              && TilePermission.request();
      return new CpuFeatures(avx2, avxVnni, avx512, avx512Vnni, amxInt8);
    } catch (UnsupportedOperationException e) {
      return NONE; // no executable memory here, so no instruction of ours runs either
    }
  }

  private static boolean bit(int value, int which) {
    return ((value >>> which) & 1) != 0;
  }

  /** Code for {@code void question(int leaf, int subleaf, int[4] answer)}. */
  private static MethodHandle question(boolean states) {
    Assembler code = new Assembler(Encoding.VEX);
    code.push(Register.RBX); // cpuid overwrites it, and it is the caller's
    code.move(Register.R8, Register.RDX);
    code.move(Register.RAX, Register.RDI);
    code.move(Register.RCX, Register.RSI);
    if (states) {
      code.xgetbv();
    } else {
      code.cpuid();
    }
    code.store32(Address.at(Register.R8, 0), Register.RAX);
    code.store32(Address.at(Register.R8, 4), Register.RBX);
    code.store32(Address.at(Register.R8, 8), Register.RCX);
    code.store32(Address.at(Register.R8, 12), Register.RDX);
    code.pop(Register.RBX);
    code.ret();
    return ExecutableMemory.install(
        code.toBytes(),
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  private static void ask(MethodHandle question, int leaf, int subleaf, MemorySegment answer) {
    try {
      question.invokeExact(leaf, subleaf, answer);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
