package io.yuntai.ledger.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Finds free ports for a server on loopback. */
final class Ports {
  /**
   * Below the range from which systems number outgoing connections (Linux: 32768 up). There, a
   * client that knocks while the server restarts could be given the server's own port and talk to
   * itself, and keep the port from the server.
   */
  private static final int FIRST = 20_000;

  private static final int END = 32_000;
  private static final int MAX_ATTEMPTS = 100;

  private Ports() {}

  /** A port that was free a moment ago. */
  static int free(RandomGenerator random) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      int port = random.nextInt(FIRST, END);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        return port;
      } catch (IOException taken) {
        // Then the next.
      }
    }
    throw new DatabaseException(
        "No free port for the database: "
            + MAX_ATTEMPTS
            + " ports between "
            + FIRST
            + " and "
            + END
            + " of 127.0.0.1 are taken.");
  }
}
