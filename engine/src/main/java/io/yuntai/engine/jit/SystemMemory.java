package io.yuntai.engine.jit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Memory by pages from the system, as Linux gives it: only to be used there. */
public final class SystemMemory {
  private static final int READ_AND_WRITE = 3;
  private static final int READ_AND_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int ADVISE_HUGE_PAGES = 14;
  private static final long FAILED = -1;

  private static final MethodHandle MAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle UNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle PROTECT =
      function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle ADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private SystemMemory() {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /** Zeroed pages of one's own, until {@link #unmap}; empty where the system refuses them. */
  public static Optional<MemorySegment> map(long bytes) {
    try {
      MemorySegment pages =
          (MemorySegment)
              MAP.invokeExact(MemorySegment.NULL, bytes, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      return pages.address() == FAILED ? Optional.empty() : Optional.of(pages.reinterpret(bytes));
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  /** Gives pages back. */
  public static void unmap(MemorySegment pages) {
    try {
      int _ = (int) UNMAP.invokeExact(pages, pages.byteSize());
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  /** Asks for huge pages, which is only a wish. */
  public static void adviseHugePages(MemorySegment pages) {
    try {
      int _ = (int) ADVISE.invokeExact(pages, pages.byteSize(), ADVISE_HUGE_PAGES);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }

  /** Makes pages executable and no longer writable; false where the system refuses. */
  static boolean makeExecutable(MemorySegment pages) {
    try {
      return (int) PROTECT.invokeExact(pages, pages.byteSize(), READ_AND_EXECUTE) == 0;
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
