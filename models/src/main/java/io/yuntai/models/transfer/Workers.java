package io.yuntai.models.transfer;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Several workers of which the first failure stops the others; none outlives the call. */
final class Workers {
  private Workers() {}

  /**
   * Runs the workers on virtual threads until all are done or one fails.
   *
   * @throws ExecutionException the first failure
   * @throws InterruptedException if the caller was interrupted; the workers were too
   */
  static void runAll(List<Callable<Void>> workers, String name)
      throws ExecutionException, InterruptedException {
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 1).factory());
    try {
      CompletionService<Void> done = new ExecutorCompletionService<>(executor);
      workers.forEach(done::submit);
      for (int i = 0; i < workers.size(); i++) {
        done.take().get();
      }
    } finally {
      executor.shutdownNow();
      executor.close(); // Waits: they end at once, since every one of their waits ends with an
      // interrupt.
    }
  }
}
