package io.yuntai.server.http;

/** The port is taken; the message names it and says what to do. */
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int port;

  PortInUseException(String host, int port, Throwable cause) {
    super(
        "Port %d on %s is taken by another program; stop it, or choose another with --port."
            .formatted(port, host),
        cause);
    this.port = port;
  }

  /** The port that was asked for. */
  public int port() {
    return port;
  }
}
