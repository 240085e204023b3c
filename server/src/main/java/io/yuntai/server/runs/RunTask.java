package io.yuntai.server.runs;

import io.yuntai.dialect.ApiError;

/** What a run does, on a thread of its own. */
@FunctionalInterface
public interface RunTask {
  /** Works to the end; whoever returns without having failed has completed. */
  void work(Output output) throws InterruptedException;

  /** Where it writes. For one thread. */
  interface Output {
    /**
     * Adds events to the log: each ends with an empty line. Bytes without one are a single event.
     *
     * @return false when the log takes no more, and the task should end
     */
    boolean append(byte[] events);

    /** The run has failed; nothing more is added. */
    void fail(ApiError error);
  }
}
