package io.yuntai.ledger.database;

import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;

/** An open PostgreSQL with Yuntai's schema in it. Safe for use by many threads. */
public final class Database implements AutoCloseable {
  private Database() {}

  /**
   * Starts the embedded server, or connects to the external one, and brings the schema up to date.
   *
   * @throws DatabaseInUseException when another process owns the home's server
   * @throws DatabaseException when the server can't be started or reached; the message says why
   */
  public static Database open(DatabaseOptions options) {
    throw new UnsupportedOperationException("not written yet " + options);
  }

  /**
   * Connects to the embedded server that another process runs in this home; closing the result
   * leaves that server running. Empty when none runs.
   */
  public static Optional<Database> connect(Path home) {
    throw new UnsupportedOperationException("not written yet " + home);
  }

  /**
   * For short work beside a server that may or may not run: {@link #connect}, else {@link #open};
   * when another process is just starting or stopping, waits for it up to the start timeout.
   */
  public static Database connectOrOpen(DatabaseOptions options) {
    throw new UnsupportedOperationException("not written yet " + options);
  }

  /** The bounded pool of connections; closed with this database. */
  public DataSource dataSource() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** PostgreSQL's version, for example {@code 18.6}. */
  public String serverVersion() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** For people: {@code PostgreSQL 18.6, embedded, 127.0.0.1:23456}. Holds no secret. */
  public String description() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Closes the pool and, if this process started the server, stops it; returns when it is gone. */
  @Override
  public void close() {}
}
