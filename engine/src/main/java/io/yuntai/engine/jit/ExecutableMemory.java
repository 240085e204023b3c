package io.yuntai.engine.jit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Makes machine code callable: pages are written first and then made executable, never both at
 * once. They stay for the life of the process.
 */
public final class ExecutableMemory {
  private ExecutableMemory() {}

  /**
   * Whether code for this operating system's calling convention can be made here at all.
   * Instructions are those of x86-64, arguments those of the System V ABI.
   */
  public static boolean isSupported() {
    return System.getProperty("os.name", "").equals("Linux")
        && System.getProperty("os.arch", "").equals("amd64");
  }

  /** Whether the system refuses code that could run here, as hardened systems do. */
  public static boolean isRefused() {
    if (!isSupported()) {
      return false;
    }
    Assembler code = new Assembler(Assembler.Encoding.VEX);
    code.ret();
    try {
      install(code.toBytes());
      return false;
    } catch (UnsupportedOperationException e) {
      return true;
    }
  }

  /**
   * Copies code to executable pages.
   *
   * @throws UnsupportedOperationException when the system refuses such pages, as hardened kernels
   *     do
   */
  public static MemorySegment install(byte[] code) {
    MemorySegment pages =
        SystemMemory.map(code.length)
            .orElseThrow(() ->
                new UnsupportedOperationException("the system refuses memory for machine code"));
    MemorySegment.copy(code, 0, pages, JAVA_BYTE, 0, code.length);
    if (!SystemMemory.makeExecutable(pages)) {
      SystemMemory.unmap(pages);
      throw new UnsupportedOperationException("the system refuses to make memory executable");
    }
    return pages;
  }

  /** Copies code to executable pages and gives a handle that calls it. */
  public static MethodHandle install(
      byte[] code, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(install(code), descriptor, options);
  }
}
