package io.yuntai.ledger.journal;

import java.io.IOException;
import java.util.List;

/** A folder of files that are written once, from their begin to their end. */
public interface Disk extends AutoCloseable {
  /** Names of all files, in no order. */
  List<String> list() throws IOException;

  /** All of a file. */
  byte[] read(String name) throws IOException;

  /**
   * A new file of so many zeros, whose room and name are on disk when this returns.
   *
   * @throws IOException when there is no room; nothing of the file is left then
   */
  Appender create(String name, int bytes) throws IOException;

  /** Removes a file; it may come back in a crash that follows at once. */
  void delete(String name) throws IOException;

  /** Lets another process have the folder. */
  @Override
  void close();

  /** Writes a file from its begin on. */
  interface Appender extends AutoCloseable {
    /** Writes at the place where the last call ended; survives the process, not the machine. */
    void write(byte[] bytes, int length) throws IOException;

    /** Returns when everything written before the call survives the machine, too. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
