package io.yuntai.server;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes work that no request waits for give way to requests where both want a processor: the JVM's
 * own, the writing of logs and settlements, and PostgreSQL's. On one core the optimising compiler
 * took half of it for half a second at a time, and at 800 requests a second everything came 400 ms
 * late. There is idle time enough for it between requests. The same is true of the verification of
 * the whole ledger.
 *
 * <p>A low priority is not enough: Linux lets a thread that runs go on to the end of its slice, 3
 * ms, whoever wakes up meanwhile, unless that one's slice is shorter (6.12 and later, {@code
 * sched_setattr(2)}). So the slices of those that are to give way are long. PostgreSQL and what
 * works with it keep their priority: they get their share, only not in the middle of a request.
 *
 * <p>Linux alone has a priority for each thread ({@code setpriority(2)}); elsewhere nothing
 * happens.
 */
final class BackgroundThreads {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);
  private static final Path TASKS = Path.of("/proc/self/task");

  /** As the kernel shortens them: compilers, and what the collector does beside the program. */
  private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler", "G1 Conc");

  /** What computes for long and nobody waits for; it holds no lock that others want. */
  private static final List<String> PROOF = List.of("ledger-proof");

  /** What is written after requests have ended, many at once. */
  private static final List<String> WRITERS =
      List.of("request-log", "ledger-settle", "ledger-receipts", "ledger-room", "ledger-upkeep");

  private static final String DATABASE = "postgres";

  private static final int PRIO_PROCESS = 0;

  /** A tenth of the share of others, of a processor that is wanted. */
  private static final int NICENESS = 10;

  /** The longest that the kernel takes. */
  private static final long SLICE_NANOS = 100_000_000;

  /** Of what requests wait for: whoever else runs, they are let in when they wake up. */
  private static final long SHORT_SLICE_NANOS = 500_000;

  /**
   * Of what keeps its priority: a request that needs the database on a full processor waits so
   * long.
   */
  private static final long WRITERS_SLICE_NANOS = 20_000_000;

  /**
   * {@code struct sched_attr} of its first version: 32-bit size and policy (0), 64-bit flags ...
   */
  private static final int ATTRIBUTES_BYTES = 48;

  private static final int NICENESS_AT = 16;
  private static final int SLICE_AT = 24;

  private BackgroundThreads() {}

  /**
   * From now on; threads that such a thread starts later are like it.
   *
   * @param compilersToo whether compilers and PostgreSQL give way as well: models' own code must be
   *     compiled soon, a gateway without one has nothing that is so urgent
   */
  static void yieldToRequests(boolean compilersToo) {
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
      MethodHandle setAttributes = setAttributes(linker);
      for (Path task : tasks.toList()) {
        if (isOneOf(PROOF, task) || (compilersToo && isOneOf(COMPILERS, task))) {
          int niceness = Math.max(NICENESS, niceness(task));
          int refused = (int) setPriority.invokeExact(PRIO_PROCESS, id(task), niceness);
          LOG.debug("thread {} waits for requests: {}", task, refused == 0);
          setSlice(setAttributes, task, SLICE_NANOS);
        } else if (compilersToo) {
          setSlice(
              setAttributes,
              task,
              isOneOf(WRITERS, task) ? WRITERS_SLICE_NANOS : SHORT_SLICE_NANOS);
        }
      }
      // The server's later processes are children of these, and like them.
      for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
        if (compilersToo
            && process.info().command().filter(path -> path.endsWith(DATABASE)).isPresent()) {
          Path files = Path.of("/proc", Long.toString(process.pid()));
          setSlice(setAttributes, files, WRITERS_SLICE_NANOS);
        }
      }
    } catch (Throwable e) {
      LOG.debug("not all that works in the background waits for requests", e);
    }
  }

  private static int id(Path task) {
    return Integer.parseInt(String.valueOf(task.getFileName()));
  }

  /** As {@code proc_pid_stat(5)} has it: its 19th field, of which the second ends in a bracket. */
  private static int niceness(Path task) throws IOException {
    String stat = Files.readString(task.resolve("stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  /** The C library has no function for it yet in most systems; null where it is not known. */
  private static @Nullable MethodHandle setAttributes(Linker linker) {
    OptionalLong number = setAttributesNumber();
    if (number.isEmpty()) {
      return null;
    }
    return MethodHandles.insertArguments(
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1)),
        0,
        number.getAsLong());
  }

  /** Without effect before Linux 6.12. */
  private static void setSlice(@Nullable MethodHandle setAttributes, Path task, long nanos)
      throws Throwable {
    if (setAttributes == null || !Files.exists(task)) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
      attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTES_BYTES);
      attributes.set(ValueLayout.JAVA_INT, NICENESS_AT, niceness(task));
      attributes.set(ValueLayout.JAVA_LONG, SLICE_AT, nanos);
      long refused = (long) setAttributes.invokeExact((long) id(task), attributes, 0L);
      LOG.debug("thread {} has slices of {} ns: {}", task, nanos, refused == 0);
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

  private static boolean isOneOf(List<String> names, Path task) {
    try {
      String name = Files.readString(task.resolve("comm"));
      return names.stream().anyMatch(name::startsWith);
    } catch (IOException _) {
      return false; // it has ended meanwhile
    }
  }
}
