package io.yuntai.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/**
 * Closes connections that have had no complete request header for too long. Jetty's own idle
 * timeout starts anew with each byte, so that a slow drip of header bytes would hold a connection
 * for hours.
 */
final class IdleConnections implements Connection.Listener {
  private final long maxIdleNanos;
  private final Map<Connection, Long> idleSinceNanos = new ConcurrentHashMap<>();

  IdleConnections(HttpOptions options) {
    this.maxIdleNanos = options.idleTimeout().toNanos();
  }

  @Override
  public void onOpened(Connection connection) {
    idle(connection);
  }

  @Override
  public void onClosed(Connection connection) {
    idleSinceNanos.remove(connection);
  }

  /** A request is being answered on it. */
  void busy(Connection connection) {
    idleSinceNanos.remove(connection);
  }

  /** It waits for its next request. */
  void idle(Connection connection) {
    if (connection.getEndPoint().isOpen()) {
      idleSinceNanos.put(connection, System.nanoTime());
    }
  }

  /** Closes those whose time is over. */
  void sweep() {
    long nowNanos = System.nanoTime();
    idleSinceNanos.forEach((connection, since) -> {
      if (nowNanos - since > maxIdleNanos && idleSinceNanos.remove(connection, since)) {
        connection.getEndPoint().close();
      }
    });
  }
}
