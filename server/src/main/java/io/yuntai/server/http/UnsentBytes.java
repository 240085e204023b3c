package io.yuntai.server.http;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what the kernel takes for a client that does not read: {@code TCP_NOTSENT_LOWAT}, which
 * Linux has. Left to itself it takes up to 4 MB for each, whole answers for most, so that five
 * hundred slow readers have a gigabyte written for them at once, and whoever reads quickly waits
 * meanwhile. What is on its way to a client does not count, so a quick one far away is none the
 * slower.
 */
final class UnsentBytes {
  private static final Logger LOG = LoggerFactory.getLogger(UnsentBytes.class);
  private static final int MOST = 128 << 10;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NOTSENT_LOWAT = 25;

  private UnsentBytes() {}

  /** For all connections that it will accept; elsewhere than on Linux nothing happens. */
  static void bound(ServerSocketChannel listener) {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      MethodHandle set =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setsockopt"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      MemorySegment most = arena.allocateFrom(ValueLayout.JAVA_INT, MOST);
      int refused =
          (int)
              set.invokeExact(
                  Descriptors.open().of(listener),
                  IPPROTO_TCP,
                  TCP_NOTSENT_LOWAT,
                  most,
                  Integer.BYTES);
      LOG.debug("what is unsent to a client is bounded: {}", refused == 0);
    } catch (Throwable e) {
      LOG.debug("what is unsent to a client is bounded by the system alone", e);
    }
  }
}
