package io.yuntai.ledger.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** An open PostgreSQL with Yuntai's schema in it. Safe for use by many threads. */
public final class Database implements AutoCloseable {
  /** Enough to verify a ledger on several processors; opened as they are needed. */
  private static final int COMMAND_CONNECTIONS = 4;

  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private final ServerAddress address;
  private final HikariDataSource pool;
  private final String serverVersion;
  private final boolean embedded;
  private final @Nullable EmbeddedServer ownServer;

  private Database(
      ServerAddress address,
      HikariDataSource pool,
      String serverVersion,
      boolean embedded,
      @Nullable EmbeddedServer ownServer) {
    this.address = address;
    this.pool = pool;
    this.serverVersion = serverVersion;
    this.embedded = embedded;
    this.ownServer = ownServer;
  }

  /**
   * Starts the embedded server, or connects to the external one, and brings the schema up to date.
   *
   * @throws DatabaseInUseException when another process owns the home's server
   * @throws DatabaseException when the server can't be started or reached; the message says why
   */
  public static Database open(DatabaseOptions options) {
    return switch (options) {
      case DatabaseOptions.Embedded own -> openEmbedded(own);
      case DatabaseOptions.External other -> openExternal(other);
    };
  }

  private static Database openEmbedded(DatabaseOptions.Embedded options) {
    EmbeddedServer server =
        EmbeddedServer.start(new ServerHome(options.home()), options.startTimeout());
    try {
      Database database = use(server.address(), options.maxConnections(), true, server);
      server.announce();
      return database;
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  private static Database openExternal(DatabaseOptions.External options) {
    return use(ServerAddress.external(options.url()), options.maxConnections(), false, null);
  }

  /**
   * How its connections stand.
   *
   * @param active those in use
   * @param idle those that wait to be used
   * @param waiting threads that wait for one
   * @param most how many there may be
   */
  public record PoolUse(int active, int idle, int waiting, int most) {}

  /** How its connections stand now. */
  public PoolUse poolUse() {
    HikariPoolMXBean now = pool.getHikariPoolMXBean();
    return new PoolUse(
        now.getActiveConnections(),
        now.getIdleConnections(),
        now.getThreadsAwaitingConnection(),
        pool.getMaximumPoolSize());
  }

  /** Whether an embedded server has ever been set up in this home. */
  public static boolean isIn(Path home) {
    return Files.exists(new ServerHome(home.toAbsolutePath().normalize()).data());
  }

  /**
   * Connects to the embedded server that another process runs in this home; closing the result
   * leaves that server running. Empty when none runs.
   *
   * @throws DatabaseException when one runs whose tables are not those of this program
   */
  public static Optional<Database> connect(Path home) {
    ServerHome files = new ServerHome(home.toAbsolutePath().normalize());
    Optional<ServerAddress> address = ServerAddress.running(files);
    if (address.isEmpty() || !answers(address.get())) {
      return Optional.empty();
    }
    return Optional.of(use(address.get(), COMMAND_CONNECTIONS, true, null));
  }

  /**
   * For short work beside a server that may or may not run: {@link #connect}, else {@link #open};
   * when another process is just starting or stopping an embedded one, waits for it up to the start
   * timeout.
   */
  public static Database connectOrOpen(DatabaseOptions options) {
    return switch (options) {
      case DatabaseOptions.Embedded embedded -> connectOrOpenEmbedded(embedded);
      case DatabaseOptions.External external -> openExternal(external);
    };
  }

  private static Database connectOrOpenEmbedded(DatabaseOptions.Embedded options) {
    long deadline = System.nanoTime() + options.startTimeout().toNanos();
    while (true) {
      Optional<Database> running = connect(options.home());
      if (running.isPresent()) {
        return running.get();
      }
      try {
        return open(options);
      } catch (DatabaseInUseException busy) {
        if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
          throw busy;
        }
        LockSupport.parkNanos(RETRY_PAUSE.toNanos());
      }
    }
  }

  private static boolean answers(ServerAddress address) {
    PGSimpleDataSource source = address.dataSource();
    source.setSocketTimeout(5); // whatever listens there now may keep silent
    try (Connection connection = source.getConnection()) {
      return connection.isValid(5);
    } catch (SQLException nobody) {
      return false;
    }
  }

  private static Database use(
      ServerAddress address,
      int maxConnections,
      boolean embedded,
      @Nullable EmbeddedServer ownServer) {
    try {
      String version = prepare(address, embedded && ownServer == null);
      HikariDataSource pool = new HikariDataSource(poolOf(address, maxConnections));
      return new Database(address, pool, version, embedded, ownServer);
    } catch (SQLException failure) {
      throw address.unreachable(failure);
    }
  }

  /** Sees to the schema, and returns the server's version. */
  private static String prepare(ServerAddress address, boolean leaveSchema) throws SQLException {
    try (Connection connection = address.dataSource().getConnection()) {
      String version = connection.getMetaData().getDatabaseProductVersion();
      if (Schema.isCurrent(connection)) {
        return version;
      }
      if (leaveSchema) {
        throw new DatabaseException(
            "The running Yuntai is of another version than this command: restart it with 'yuntai"
                + " down' and 'yuntai up'.");
      }
      Schema.migrate(address);
      return version;
    }
  }

  private static HikariConfig poolOf(ServerAddress address, int maxConnections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("database");
    config.setDataSource(address.dataSource());
    config.setMaximumPoolSize(maxConnections);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    return config;
  }

  /** The bounded pool of connections; closed with this database. */
  public DataSource dataSource() {
    return pool;
  }

  /** Whether the server is Yuntai's own, in its home, so that nobody else uses it. */
  public boolean isEmbedded() {
    return embedded;
  }

  /** PostgreSQL's version, for example {@code 18.6}. */
  public String serverVersion() {
    return serverVersion;
  }

  /** Digest of all definitions of tables: equal ones hold each other's rows. */
  public String schemaDigest() {
    return Schema.digest();
  }

  /** For people: {@code PostgreSQL 18.6, embedded, 127.0.0.1:23456}. Holds no secret. */
  public String description() {
    return "PostgreSQL " + serverVersion + (embedded ? ", embedded, " : ", ") + address.shown();
  }

  /** Closes the pool and, if this process started the server, stops it; returns when it is gone. */
  @Override
  public void close() {
    try {
      pool.close();
    } finally {
      if (ownServer != null) {
        ownServer.close();
      }
    }
  }
}
