package io.yuntai.server.http;

import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.ModelHost;
import java.time.Duration;

/** The HTTP side of a running Yuntai. Safe for use by many threads. */
public final class HttpServer implements AutoCloseable {
  private HttpServer() {}

  /**
   * Binds and serves.
   *
   * @param models may gain and lose models while the server runs
   * @throws PortInUseException when the port is taken
   * @throws java.io.UncheckedIOException when the address can't be bound for another reason
   */
  public static HttpServer start(HttpOptions options, ModelHost models, Access access) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The port that it listens on. */
  public int port() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Refuses new requests with 503, lets the running ones finish for at most {@code grace}, tells
   * the rest that the server is stopping, and closes. Returns when nothing is left open. Without
   * effect the second time.
   */
  public void stop(Duration grace) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** {@link #stop} without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
