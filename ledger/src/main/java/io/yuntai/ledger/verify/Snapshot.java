package io.yuntai.ledger.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** One state of the database, read over several connections at once. For one thread. */
final class Snapshot implements AutoCloseable {
  private static final String READ_ONLY =
      "set transaction isolation level repeatable read, read only;"
          + " set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";

  private final DataSource database;
  private final Connection first;
  private final String id;

  /**
   * Threads of the system, since they compute for long: a virtual one gives its processor up only
   * where it waits, and on a server with one processor no request went on meanwhile.
   */
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("ledger-proof-", 0).factory());

  private Snapshot(DataSource database, Connection first, String id) {
    this.database = database;
    this.first = first;
    this.id = id;
  }

  /** What is asked of a connection. */
  @FunctionalInterface
  interface Reading<T> {
    T on(Connection connection) throws SQLException;
  }

  /** The state of this moment. */
  static Snapshot take(DataSource database) throws SQLException {
    Connection connection = database.getConnection();
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(READ_ONLY);
      try (ResultSet row = statement.executeQuery("select pg_export_snapshot()")) {
        row.next();
        return new Snapshot(database, connection, row.getString(1));
      }
    } catch (SQLException | RuntimeException failure) {
      end(connection);
      throw failure;
    }
  }

  /** The connection for questions that are asked one after the other. */
  Connection connection() {
    return first;
  }

  /** Asks on a connection of its own, at the same time. */
  <T> Future<T> beside(Reading<T> reading) {
    return readers.submit(() -> {
      Connection connection = database.getConnection();
      try (Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute(READ_ONLY);
        statement.execute("set transaction snapshot '" + id + "'");
        return reading.on(connection);
      } finally {
        end(connection);
      }
    });
  }

  private static void end(Connection connection) throws SQLException {
    try (connection) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Ends all that is still asked. */
  @Override
  public void close() throws SQLException {
    readers.shutdownNow();
    try (readers) {
      end(first);
    }
  }
}
