package io.yuntai.ledger.backup;

/** Is told how far the work is. */
@FunctionalInterface
public interface Progress {
  /**
   * Called often, by the working thread.
   *
   * @param what a table or a file
   * @param bytes done so far, of everything
   * @param totalBytes of everything, -1 while unknown
   */
  void at(String what, long bytes, long totalBytes);
}
