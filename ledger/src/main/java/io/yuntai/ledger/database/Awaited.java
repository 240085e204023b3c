package io.yuntai.ledger.database;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What another thread reads from the database. */
public final class Awaited {
  private Awaited() {}

  /**
   * What it has come to.
   *
   * @throws SQLException as it was thrown there
   * @throws DatabaseException when the thread that waits is to leave
   */
  public static <T> T result(Future<T> reading) throws SQLException {
    try {
      return reading.get();
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case SQLException inDatabase -> throw inDatabase;
        case RuntimeException fault -> throw fault;
        case null, default -> throw new IllegalStateException(failure);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("The reading of the database was interrupted.", interrupted);
    }
  }
}
