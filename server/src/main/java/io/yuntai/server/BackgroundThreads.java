package io.yuntai.server;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM's own work wait for requests where both want a processor. On one core the
 * optimising compiler took half of it for half a second at a time, and at 800 requests a second
 * everything came 400 ms late. There is idle time enough for it between requests.
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
        }
      }
    } catch (Throwable e) {
      LOG.debug("compilers and collector keep their priority", e);
    }
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
