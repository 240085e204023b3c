package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory for weights: on Linux an anonymous mapping that asks for huge pages, since matrix products
 * read it from end to end (18 against 23 GB/s on two threads) and pages are zeroed only once; an
 * ordinary allocation elsewhere.
 */
public final class LargeMemory {
  private static final long HUGE_PAGE_BYTES = 2L << 20;
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int ADVISE_HUGE_PAGES = 14;

  private LargeMemory() {}

  /**
   * Takes zeroed memory, given back when the arena closes.
   *
   * @param bytes at least 1
   */
  public static MemorySegment allocate(long bytes, Arena arena) {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return arena.allocate(bytes, 64);
    }
    long mapped = Math.ceilDiv(bytes, HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES;
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle mmap =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("mmap"),
              FunctionDescriptor.of(
                  ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
      MethodHandle munmap =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("munmap"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
      MethodHandle madvise =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("madvise"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
      MemorySegment memory =
          (MemorySegment)
              mmap.invokeExact(
                  MemorySegment.NULL, mapped, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (memory.address() == -1) {
        throw new OutOfMemoryError("the system refuses " + mapped + " bytes for weights");
      }
      int _ = (int) madvise.invokeExact(memory, mapped, ADVISE_HUGE_PAGES); // only a wish
      return memory.reinterpret(mapped, arena, old -> unmap(munmap, old, mapped)).asSlice(0, bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unmap(MethodHandle munmap, MemorySegment memory, long bytes) {
    try {
      int _ = (int) munmap.invokeExact(memory, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
