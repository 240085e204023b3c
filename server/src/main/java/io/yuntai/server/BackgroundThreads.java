package io.yuntai.server;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM's own work wait for requests where both want a processor. On one core the
 * optimising compiler took half of it for half a second at a time, and at 800 requests a second
 * everything came 400 ms late. There is idle time enough for it between requests.
 *
 * <p>A low priority is not enough: Linux lets a thread that runs go on to the end of its slice, 3
 * ms, whoever wakes up meanwhile, unless that one's slice is shorter (6.12 and later, {@code
 * sched_setattr(2)}). So the compilers' slices are long.
 *
 * <p>Linux alone has a priority for each thread ({@code setpriority(2)}); elsewhere nothing
 * happens.
 */
final class BackgroundThreads {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);
  private static final Path TASKS = Path.of("/proc/self/task");

  /** As the kernel shortens them: compilers, and what the collector does beside the program. */
  private static final List<String> NAMES = List.of("C1 Compiler", "C2 Compiler", "G1 Conc");

  private static final int PRIO_PROCESS = 0;

  /** A tenth of the share of others, of a processor that is wanted. */
  private static final int NICENESS = 10;

  /** The longest that the kernel takes. */
  private static final long SLICE_NANOS = 100_000_000;

  /**
   * {@code struct sched_attr} of its first version: 32-bit size and policy (0), 64-bit flags ...
   */
  private static final int ATTRIBUTES_BYTES = 48;

  private static final int NICENESS_AT = 16;
  private static final int SLICE_AT = 24;

  private BackgroundThreads() {}

  /** From now on; threads that such a thread starts later are like it. */
  static void yieldToRequests() {
    if (!Files.isDirectory(TASKS)) {
      return;
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      Linker linker = Linker.nativeLinker();
      MethodHandle setPriority =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      for (Path task : tasks.toList()) {
        if (isBackground(task)) {
          int id = Integer.parseInt(String.valueOf(task.getFileName()));
          int refused = (int) setPriority.invokeExact(PRIO_PROCESS, id, NICENESS);
          LOG.debug("thread {} waits for requests: {}", id, refused == 0);
          lengthenSlice(linker, id);
        }
      }
    } catch (Throwable e) {
      LOG.debug("compilers and collector keep their priority", e);
    }
  }

  /** Without effect before Linux 6.12. The C library has no function for it yet in most systems. */
  private static void lengthenSlice(Linker linker, int thread) throws Throwable {
    OptionalLong number = setAttributesNumber();
    if (number.isEmpty()) {
      return;
    }
    MethodHandle systemCall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
      attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTES_BYTES);
      attributes.set(ValueLayout.JAVA_INT, NICENESS_AT, NICENESS);
      attributes.set(ValueLayout.JAVA_LONG, SLICE_AT, SLICE_NANOS);
      long refused =
          (long) systemCall.invokeExact(number.getAsLong(), (long) thread, attributes, 0L);
      LOG.debug("thread {} may be interrupted by requests: {}", thread, refused == 0);
    }
  }

  /** The number of {@code sched_setattr} where it is known. */
  private static OptionalLong setAttributesNumber() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> OptionalLong.of(314);
      case "aarch64" -> OptionalLong.of(274);
      case null, default -> OptionalLong.empty();
    };
  }

  private static boolean isBackground(Path task) {
    try {
      String name = Files.readString(task.resolve("comm"));
      return NAMES.stream().anyMatch(name::startsWith);
    } catch (IOException _) {
      return false; // it has ended meanwhile
    }
  }
}
