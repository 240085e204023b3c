package io.yuntai.bench;

import java.io.IOException;

/** Starts processes that don't outlive this one: they are killed when it ends, on Ctrl-C too. */
final class ChildProcess {
  private ChildProcess() {}

  static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Thread end = Thread.ofPlatform().unstarted(() -> kill(process));
    Runtime.getRuntime().addShutdownHook(end);
    var _ = process.onExit().thenRun(() -> forget(end));
    return process;
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void forget(Thread end) {
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException _) {
      // we are ending, and it runs already
    }
  }
}
