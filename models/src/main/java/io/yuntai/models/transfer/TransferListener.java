package io.yuntai.models.transfer;

/** Hears of bytes as they arrive and of waits and repeats; called on several threads at once. */
public interface TransferListener {

  /**
   * The transfer's extent is known, at its start or anew when it had to start over.
   *
   * @param presentBytes what need not be fetched again
   * @param totalBytes the whole; -1 while unknown
   */
  void started(long presentBytes, long totalBytes);

  /** More bytes are on the disk. */
  void received(long bytes);

  /** Something worth a line happened and the transfer goes on; a sentence. */
  void note(String message);

  /** A file in several parts: the one being worked on now, from 1. */
  default void part(int number, int count) {}
}
