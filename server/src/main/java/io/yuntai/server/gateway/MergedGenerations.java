package io.yuntai.server.gateway;

import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of several generations, in the order in which they come. One generation is read
 * directly; several are read by a virtual thread each, which waits where the reader is slow.
 */
final class MergedGenerations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MergedGenerations.class);
  private static final int QUEUED_EVENTS = 256;

  private final List<Generation> generations;
  private final List<Thread> pumps = new ArrayList<>();
  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUED_EVENTS);

  /**
   * @param choice index of the generation
   * @param event what it says
   */
  record Event(int choice, GenerationEvent event) {}

  MergedGenerations(List<Generation> generations) {
    this.generations = List.copyOf(generations);
    if (generations.size() > 1) {
      for (int i = 0; i < generations.size(); i++) {
        int choice = i;
        pumps.add(Thread.ofVirtual().name("choice-" + i).start(() -> pump(choice)));
      }
    }
  }

  Event next() throws InterruptedException {
    return pumps.isEmpty() ? new Event(0, generations.getFirst().next()) : queue.take();
  }

  /**
   * Tokens of all prompts that are ready, each prompt counted once; may be asked by any thread.
   *
   * @param each how many generations in a row share a prompt
   */
  long promptTokensReady(int each) {
    long ready = 0;
    for (int i = 0; i < generations.size(); i += each) {
      ready += generations.get(i).promptTokensReady();
    }
    return ready;
  }

  /** How long the first of them waited for a place in the engine; -1 while it waits. */
  long waitedNanos() {
    return generations.getFirst().waitedNanos();
  }

  void cancel() {
    generations.forEach(Generation::cancel);
  }

  @Override
  public void close() {
    cancel();
    pumps.forEach(Thread::interrupt);
  }

  /** A pump that died silently would leave its reader waiting for ever. */
  private GenerationEvent read(int choice) throws InterruptedException {
    try {
      return generations.get(choice).next();
    } catch (RuntimeException e) {
      LOG.error("a generation broke off", e);
      return new GenerationEvent.Failed("The engine failed while it wrote this answer.");
    }
  }

  private void pump(int choice) {
    try {
      GenerationEvent event;
      do {
        event = read(choice);
        queue.put(new Event(choice, event));
      } while (event instanceof GenerationEvent.Token);
    } catch (InterruptedException _) {
      // Closed: nobody reads any more.
    }
  }
}
