package io.yuntai.engine.jit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What Linux does with its copies of files in memory: only to be used there. */
public final class SystemFiles {
  private static final int READ_ONLY = 0;
  private static final int DONT_NEED = 4;

  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle ADVISE =
      function(
          "posix_fadvise",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  private SystemFiles() {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /** Asks the system to forget its copy of a range of a file, which is only a wish. */
  public static void forget(Path file, long from, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
      if (descriptor >= 0) {
        int _ = (int) ADVISE.invokeExact(descriptor, from, bytes, DONT_NEED);
        int _ = (int) CLOSE.invokeExact(descriptor);
      }
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
