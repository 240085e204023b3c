package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.stream.Collectors;

/**
 * A process that asks Linux to refuse it new executable memory, as a hardened system would, and
 * prints whether Linux does (from 6.3 on), the kernels that run, and the obstacle: three lines.
 */
final class HardenedSystem {
  /** PR_SET_MDWE and its only flag (linux/prctl.h). */
  private static final int DENY_WRITE_EXECUTE = 65;

  private static final long REFUSE_EXEC_GAIN = 1;

  private HardenedSystem() {}

  public static void main(String[] arguments) throws Throwable {
    System.out.println(harden());
    System.out.println(
        KernelChoice.available().stream().map(Kernels::name).collect(Collectors.joining(" ")));
    System.out.println(KernelChoice.assembledObstacle());
  }

  private static boolean harden() throws Throwable {
    if (!System.getProperty("os.name").equals("Linux")) {
      return false;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    return (int) prctl.invokeExact(DENY_WRITE_EXECUTE, REFUSE_EXEC_GAIN, 0L, 0L, 0L) == 0;
  }
}
