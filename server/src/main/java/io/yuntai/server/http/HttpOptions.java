package io.yuntai.server.http;

import io.yuntai.ledger.keys.Network;
import java.time.Duration;
import java.util.List;

/**
 * Where the server listens, and its bounds.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param maxBodyBytes longest request body; a longer one is a 413
 * @param maxBodiesBytes most memory for bodies of all requests together; above it new ones get 503
 * @param maxHeaderBytes longest request line and headers together; a longer one is a 431
 * @param maxConnections most open connections; further ones wait in the listen queue
 * @param maxRequests most requests at once; a further one is a 503
 * @param bodyTimeout most time from a request's headers to its last byte, so that a slow drip
 *     cannot hold a place
 * @param idleTimeout most time without a byte on a connection that waits for a request or that does
 *     not take its answer
 * @param disconnectPoll how often clients that wait for an answer are checked for having left
 * @param keepAlive how long a stream stays silent before a comment line shows that it lives
 * @param trustedProxies whose {@code X-Forwarded-For} is believed; none for nobody's
 */
public record HttpOptions(
    String host,
    int port,
    int maxBodyBytes,
    long maxBodiesBytes,
    int maxHeaderBytes,
    int maxConnections,
    int maxRequests,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration disconnectPoll,
    Duration keepAlive,
    List<Network> trustedProxies) {
  /** Loopback, port 8460, bounds for one machine. */
  public static final HttpOptions DEFAULTS =
      new HttpOptions(
          "127.0.0.1",
          8460,
          4 << 20,
          256L << 20,
          16 << 10,
          8192,
          4096,
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMillis(50),
          Duration.ofSeconds(10));

  /** Bounds where no proxy is believed. */
  public HttpOptions(
      String host,
      int port,
      int maxBodyBytes,
      long maxBodiesBytes,
      int maxHeaderBytes,
      int maxConnections,
      int maxRequests,
      Duration bodyTimeout,
      Duration idleTimeout,
      Duration disconnectPoll,
      Duration keepAlive) {
    this(
        host,
        port,
        maxBodyBytes,
        maxBodiesBytes,
        maxHeaderBytes,
        maxConnections,
        maxRequests,
        bodyTimeout,
        idleTimeout,
        disconnectPoll,
        keepAlive,
        List.of());
  }

  /** Copies the list. */
  public HttpOptions {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** The same bounds at another address. */
  public HttpOptions at(String newHost, int newPort) {
    return new HttpOptions(
        newHost,
        newPort,
        maxBodyBytes,
        maxBodiesBytes,
        maxHeaderBytes,
        maxConnections,
        maxRequests,
        bodyTimeout,
        idleTimeout,
        disconnectPoll,
        keepAlive,
        trustedProxies);
  }

  /** The same behind these proxies. */
  public HttpOptions behind(List<Network> proxies) {
    return new HttpOptions(
        host,
        port,
        maxBodyBytes,
        maxBodiesBytes,
        maxHeaderBytes,
        maxConnections,
        maxRequests,
        bodyTimeout,
        idleTimeout,
        disconnectPoll,
        keepAlive,
        proxies);
  }
}
