package io.yuntai.engine;

/**
 * A running generation. Reading it slowly never slows the engine: events wait here, at most one per
 * token.
 *
 * <p>For one reading thread; {@link #cancel()} may come from any.
 */
public interface Generation extends AutoCloseable {
  /**
   * The next event; blocks until there is one. After {@link GenerationEvent.Finished} or {@link
   * GenerationEvent.Failed} there is none: a further call is an {@link IllegalStateException}.
   */
  GenerationEvent next() throws InterruptedException;

  /**
   * How many tokens of the prompt have their keys and values stored, found or computed; grows until
   * it is the prompt's length. May be asked by any thread.
   */
  int promptTokensReady();

  /**
   * How long it waited for a place among those that share steps, in nanoseconds; -1 while it waits.
   * May be asked by any thread.
   */
  default long waitedNanos() {
    return -1;
  }

  /** Ends the generation within one step of the engine. Without effect on one that has ended. */
  void cancel();

  /** Cancels it if it still runs. */
  @Override
  default void close() {
    cancel();
  }
}
