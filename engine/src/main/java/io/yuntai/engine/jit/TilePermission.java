package io.yuntai.engine.jit;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Linux gives a process the state of AMX tiles only when it asks (Linux kernel documentation,
 * "Using XSTATE features in user space applications").
 */
final class TilePermission {
  private static final long ARCH_PRCTL = 158;
  private static final long REQUEST_PERMISSION = 0x1023;
  private static final long TILE_DATA = 18;

  private TilePermission() {}

  /** Asks for this process, all its threads included; false where the system refuses. */
  static boolean request() {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle syscall =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      return (long) syscall.invokeExact(ARCH_PRCTL, REQUEST_PERMISSION, TILE_DATA) == 0;
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
