package io.yuntai.ledger.database;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach a server.
 *
 * @param jdbcUrl may hold a password in its query
 * @param user null when the URL names it
 * @param password null when the URL holds it or none is needed
 */
record ServerAddress(String jdbcUrl, @Nullable String user, @Nullable String password) {
  private static final Pattern CONNECTION_FILE = Pattern.compile("port=(\\d{1,5})\\s*");

  private static final Pattern HOSTS =
      Pattern.compile("HOST(,HOST)*".replace("HOST", "([\\w.-]+|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?"));

  /** Which of several hosts that is may change at any time. */
  private static final String PRIMARY = "targetServerType=primary&hostRecheckSeconds=1";

  static ServerAddress embedded(int port, String password) {
    // Encryption is not asked for: the way never leaves this machine's loopback.
    return new ServerAddress(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/"
            + Cluster.DATABASE
            + "?sslmode=disable&gssEncMode=disable&assumeMinServerVersion=18",
        Cluster.USER,
        password);
  }

  /** The server that runs in this home, if its files say so. */
  static Optional<ServerAddress> running(ServerHome home) {
    try {
      Matcher matcher = CONNECTION_FILE.matcher(Files.readString(home.connection()));
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int port = Integer.parseInt(matcher.group(1));
      return Optional.of(embedded(port, Files.readString(home.password()).strip()));
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /** Lets other processes of the same user find the server; only they can read the password. */
  static void announce(ServerHome home, int port) throws IOException {
    home.writePrivate(home.connection(), "port=" + port + "\n");
  }

  static ServerAddress external(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      return new ServerAddress(url, null, null);
    }
    try {
      URI uri = new URI(url);
      boolean postgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
      String authority = uri.getRawAuthority();
      if (!postgres || authority == null) {
        throw malformed();
      }
      int end = authority.lastIndexOf('@');
      String hosts = authority.substring(end + 1);
      if (!HOSTS.matcher(hosts).matches()) {
        throw malformed();
      }
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      String jdbcUrl = "jdbc:postgresql://" + hosts + path + query(uri.getRawQuery(), hosts);
      if (end < 0) {
        return new ServerAddress(jdbcUrl, null, null);
      }
      String userInfo = authority.substring(0, end);
      int colon = userInfo.indexOf(':');
      return colon < 0
          ? new ServerAddress(jdbcUrl, decode(userInfo), null)
          : new ServerAddress(
              jdbcUrl, decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
    } catch (URISyntaxException | IllegalArgumentException notOne) {
      throw malformed();
    }
  }

  /**
   * Of several hosts only the primary may be used, however they are told: a standby is a little
   * behind, and a decision on old rows would spend twice.
   */
  private static String query(@Nullable String query, String hosts) {
    String given = query == null ? "" : query;
    if (hosts.indexOf(',') < 0 || given.contains("targetServerType=")) {
      return given.isEmpty() ? "" : "?" + given;
    }
    return "?" + (given.isEmpty() ? "" : given + "&") + PRIMARY;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Doesn't repeat the URL, which may hold a password. */
  private static DatabaseException malformed() {
    return new DatabaseException(
        "The database's URL is not understood: write"
            + " postgresql://USER:PASSWORD@HOST:5432/NAME in YUNTAI_DATABASE_URL.");
  }

  /** Host, port and database: what may be shown. */
  String shown() {
    String rest = jdbcUrl.substring(jdbcUrl.indexOf(':', 5) + 1).replaceFirst("^//", "");
    int query = rest.indexOf('?');
    return query < 0 ? rest : rest.substring(0, query);
  }

  /** Opens a connection of its own each time. */
  PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setURL(jdbcUrl);
    } catch (IllegalArgumentException notOne) {
      throw malformed();
    }
    if (user != null) {
      source.setUser(user);
    }
    if (password != null) {
      source.setPassword(password);
    }
    source.setConnectTimeout(10);
    source.setTcpKeepAlive(true);
    source.setApplicationName("yuntai");
    return source;
  }

  DatabaseException unreachable(SQLException failure) {
    return new DatabaseException(
        "The database at "
            + shown()
            + " can't be used: "
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
            + " (SQL state "
            + failure.getSQLState()
            + ").",
        failure);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "ServerAddress[" + shown() + "]";
  }
}
