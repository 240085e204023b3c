package io.yuntai.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.yuntai.engine.jit.Downcalls;
import io.yuntai.engine.jit.ExecutableMemory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Machine code that works on up to three arrays of the Java heap: {@code void f(float* a, long,
 * float* b, long, float* c, long)}.
 *
 * <p>One signature for all such code, because each costs a process some 10 ms at its start: the JDK
 * makes classes for it.
 */
final class ArrayCode {
  /** Arrays lie in the Java heap, so calls must not let it move. */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
              Linker.Option.critical(true));

  private final MemorySegment code;

  /** Installs code. */
  ArrayCode(byte[] code) {
    this.code = ExecutableMemory.install(code);
  }

  /** Calls it with two arrays. */
  void call(MemorySegment a, long first, MemorySegment b, long second, long third) {
    call(a, first, b, second, MemorySegment.NULL, third);
  }

  /** Calls it. */
  void call(
      MemorySegment a, long first, MemorySegment b, long second, MemorySegment c, long third) {
    try {
      CALL.invokeExact(code, a, first, b, second, c, third);
    } catch (Throwable e) {
      throw Downcalls.unexpected(e);
    }
  }
}
