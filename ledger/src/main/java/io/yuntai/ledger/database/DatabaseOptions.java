package io.yuntai.ledger.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Which PostgreSQL to use. */
public sealed interface DatabaseOptions {
  /** Names an external server, as {@link External#url}. */
  String URL_VARIABLE = "YUNTAI_DATABASE_URL";

  /** What a server of this home is to use: what {@link #URL_VARIABLE} names, else its embedded. */
  static DatabaseOptions named(Path home, Map<String, String> environment) {
    String url = environment.getOrDefault(URL_VARIABLE, "");
    return url.isBlank() ? embedded(home) : external(url);
  }

  /**
   * What a command of this home is to use: what {@link #URL_VARIABLE} names, else what the home's
   * server uses that runs, else the embedded server.
   */
  static DatabaseOptions of(Path home, Map<String, String> environment) {
    DatabaseOptions named = named(home, environment);
    return named instanceof Embedded
        ? RunningDatabase.url(home).<DatabaseOptions>map(DatabaseOptions::external).orElse(named)
        : named;
  }

  /** The embedded server of this home, with what suits one machine. */
  static Embedded embedded(Path home) {
    return new Embedded(home, 10, Duration.ofSeconds(60));
  }

  /** A server that somebody else runs, with what suits one gateway. */
  static External external(String url) {
    return new External(url, 10);
  }

  /** Most connections that the pool opens. */
  int maxConnections();

  /**
   * A server of our own, a child process of this one.
   *
   * @param home Yuntai's home; the server keeps to its folder {@code postgres}
   * @param maxConnections most connections that the pool opens, 1 to 40
   * @param startTimeout how long the server may take until it accepts connections, recovery after a
   *     crash included
   */
  record Embedded(Path home, int maxConnections, Duration startTimeout) implements DatabaseOptions {
    /** Checks the ranges and makes the home absolute. */
    public Embedded {
      checkConnections(maxConnections, 40);
      if (startTimeout.isNegative() || startTimeout.isZero()) {
        throw new IllegalArgumentException("startTimeout " + startTimeout + " is not positive");
      }
      home = home.toAbsolutePath().normalize();
    }
  }

  /**
   * A server that is already there.
   *
   * @param url {@code jdbc:postgresql://host:5432/name?user=...&password=...} or {@code
   *     postgresql://user:password@host:5432/name}
   * @param maxConnections most connections that the pool opens, 1 to 1000
   */
  record External(String url, int maxConnections) implements DatabaseOptions {
    /** Checks the ranges; the URL is read when the database is opened. */
    public External {
      checkConnections(maxConnections, 1000);
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
      return "External[maxConnections=" + maxConnections + "]";
    }
  }

  private static void checkConnections(int maxConnections, int most) {
    if (maxConnections < 1 || maxConnections > most) {
      throw new IllegalArgumentException(
          "maxConnections " + maxConnections + " is not within 1.." + most);
    }
  }
}
