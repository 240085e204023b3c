package io.yuntai.ledger.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a database that is done whole or not at all. Work inside of work, on the same thread,
 * belongs to the outer transaction of the same pool. Safe for use by many threads.
 */
public final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

  private static final ScopedValue<Session> CURRENT = ScopedValue.newInstance();

  private final DataSource database;

  /** On the connections of a pool. */
  public Transactions(DataSource database) {
    this.database = database;
  }

  /** A step on a connection. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T on(Connection connection) throws SQLException;
  }

  private static final long OPERATOR = 0;

  /** A transaction under way, on one thread. */
  private static final class Session {
    private final DataSource database;
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();

    /** For whom statements run now: an organisation, or {@link #OPERATOR}. */
    private long actingFor = OPERATOR;

    Session(DataSource database, Connection connection) {
      this.database = database;
      this.connection = connection;
    }

    <T> T work(long orgId, Work<T> work) throws SQLException {
      long before = actingFor;
      if (before == orgId) {
        return work.on(connection);
      }
      actFor(orgId);
      T result = work.on(connection);
      // After a failure there is nothing to take back: the transaction is lost.
      actFor(before);
      return result;
    }

    private void actFor(long orgId) throws SQLException {
      try (PreparedStatement setting =
              connection.prepareStatement("select set_config('yuntai.org', ?, true)");
          Statement role = connection.createStatement()) {
        setting.setString(1, orgId == OPERATOR ? "" : Long.toString(orgId));
        setting.execute();
        role.execute("set local role " + (orgId == OPERATOR ? "none" : "yuntai_tenant"));
      }
      actingFor = orgId;
    }
  }

  /**
   * Does work as the operator, who sees the rows of all organisations.
   *
   * @throws DatabaseException when the database can't be asked; nothing has changed then, unless it
   *     was lost just while it committed
   */
  public <T> T run(Work<T> work) {
    return runAs(OPERATOR, work);
  }

  /**
   * Reads as the operator with one statement, which PostgreSQL sees as a transaction of its own: a
   * question and an answer, where {@link #run} takes two of each.
   *
   * @throws DatabaseException when the database can't be asked
   */
  public <T> T look(Work<T> statement) {
    if (isWithin(database)) {
      return run(statement);
    }
    try (Connection connection = database.getConnection()) {
      return statement.on(connection);
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  /**
   * Does work as a tenant: PostgreSQL shows it the rows of this organisation only, whatever the
   * statements ask for.
   *
   * @param orgId above 0
   * @throws DatabaseException as {@link #run}
   */
  public <T> T runFor(long orgId, Work<T> work) {
    if (orgId <= OPERATOR) {
      throw new IllegalArgumentException(orgId + " is no organisation");
    }
    return runAs(orgId, work);
  }

  private <T> T runAs(long orgId, Work<T> work) {
    try {
      return isWithin(database) ? CURRENT.get().work(orgId, work) : begin(orgId, work);
    } catch (SQLException failure) {
      throw failed(failure);
    }
  }

  /** Does this as soon as the work around has been committed; at once where there is none. */
  public void afterCommit(Runnable action) {
    if (isWithin(database)) {
      CURRENT.get().afterCommit.add(action);
    } else {
      action.run();
    }
  }

  private static boolean isWithin(DataSource database) {
    return CURRENT.isBound() && CURRENT.get().database.equals(database);
  }

  /**
   * Does work as the operator, in the transaction of this pool that the thread is in, and in one of
   * its own where it is in none.
   *
   * @throws SQLException when the database can't be asked; nothing has changed then
   */
  public static <T> T within(DataSource database, Work<T> work) throws SQLException {
    return isWithin(database)
        ? CURRENT.get().work(OPERATOR, work)
        : new Transactions(database).begin(OPERATOR, work);
  }

  private <T> T begin(long orgId, Work<T> work) throws SQLException {
    final Session session;
    T result;
    try (Connection connection = database.getConnection()) {
      session = new Session(database, connection);
      connection.setAutoCommit(false);
      boolean complete = false;
      try {
        result = ScopedValue.where(CURRENT, session).call(() -> session.work(orgId, work));
        connection.commit();
        complete = true;
      } finally {
        if (!complete) {
          rollBack(connection);
        }
      }
    }
    session.afterCommit.forEach(Runnable::run);
    return result;
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException lost) {
      // Then the server rolls back, and what is being thrown says more.
      LOG.debug("no rollback", lost);
    }
  }

  private static DatabaseException failed(SQLException failure) {
    return new DatabaseException(
        "The database can't be asked: "
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
        failure);
  }
}
