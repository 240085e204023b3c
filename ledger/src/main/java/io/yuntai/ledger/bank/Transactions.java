package io.yuntai.ledger.bank;

import io.yuntai.ledger.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/** Runs work in transactions, READ COMMITTED, within bounds of time. */
final class Transactions {
  private static final int MAX_TRIES = 3;

  /** Serialization failure, deadlock: the transaction is gone and may be run again. */
  private static final Set<String> RUN_AGAIN = Set.of("40001", "40P01");

  private final DataSource database;
  private final String preamble;

  Transactions(DataSource database, Duration statementTimeout) {
    this.database = database;
    // Whatever the server's defaults are: the statements below rely on seeing what others committed
    // while they waited for a lock.
    this.preamble =
        "set transaction isolation level read committed; set local statement_timeout = "
            + statementTimeout.toMillis()
            + "; set local lock_timeout = "
            + statementTimeout.toMillis();
  }

  /** A transaction's work. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * Commits the work or nothing of it.
   *
   * @throws SQLException when the database refuses; whether a commit whose answer did not come has
   *     happened is unknown
   */
  <T> T run(Work<T> work) throws SQLException {
    for (int tries = 1; ; tries++) {
      try {
        return once(work);
      } catch (SQLException failure) {
        if (tries == MAX_TRIES || !RUN_AGAIN.contains(String.valueOf(failure.getSQLState()))) {
          throw failure;
        }
      }
    }
  }

  /** {@link #run} for callers to whom any failure is one. */
  <T> T runOrFail(String doing, Work<T> work) {
    try {
      return run(work);
    } catch (SQLException failure) {
      throw failed(doing, failure);
    }
  }

  static DatabaseException failed(String doing, SQLException failure) {
    return new DatabaseException(
        "The database could not "
            + doing
            + ": "
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
        failure);
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        try (Statement statement = connection.createStatement()) {
          statement.execute(preamble);
        }
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException failure) {
        try {
          connection.rollback();
        } catch (SQLException worse) {
          failure.addSuppressed(worse);
        }
        throw failure;
      } finally {
        if (!connection.isClosed()) {
          connection.setAutoCommit(true);
        }
      }
    }
  }
}
