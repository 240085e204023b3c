package io.yuntai.engine;

/** Sequences that an encoder computes for one request. {@link #cancel} may come from any thread. */
public interface Encoding extends AutoCloseable {
  /** How it ended. */
  sealed interface Outcome {
    /**
     * @param results a row for each sequence, in their order
     */
    record Done(float[][] results) implements Outcome {}

    /** {@link Encoding#cancel} came first. */
    record Cancelled() implements Outcome {}

    /** The engine stopped first. */
    record Shutdown() implements Outcome {}

    /**
     * @param message one sentence for the engine's operator
     */
    record Failed(String message) implements Outcome {}
  }

  /** Waits for the end. */
  Outcome await() throws InterruptedException;

  /** Ends it within one step of the engine. Without effect once it has ended. */
  void cancel();

  /** Cancels it if it still runs. */
  @Override
  default void close() {
    cancel();
  }
}
