package io.yuntai.cli.terminal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The process's descriptors 0 to 3. */
final class StandardStreams {
  private static final int STDERR = 2;
  private static final int LAUNCHERS_STDERR = 3;

  private StandardStreams() {}

  /** Makes descriptor 2 what the launcher has as 3: {@code dup2(3, 2)} of POSIX. */
  static void restoreStderr() {
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      // A failure leaves descriptor 2 as it is, and there is nowhere to tell of it.
      int _ = (int) dup2.invokeExact(LAUNCHERS_STDERR, STDERR);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
