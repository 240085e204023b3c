package io.yuntai.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.OptionalLong;

/** Where the server is going to listen, looked at before anything slow begins. */
final class ListenAddress {
  private ListenAddress() {}

  /** What commands and browsers of this machine open. */
  static String url(String host, int port) {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * Checks that the address may be used, exists here and is free. Another program may still take it
   * before the server does.
   *
   * @throws StartException says which of it fails and what to do
   */
  static void check(ServerOptions options) {
    InetAddress address;
    try {
      address = InetAddress.getByName(options.host());
    } catch (UnknownHostException e) {
      throw new StartException(
          "The address '"
              + options.host()
              + "' is not known: choose one of this machine with --host, such as 127.0.0.1 or 0.0.0.0.",
          e);
    }
    if (!options.keysRequired() && !address.isLoopbackAddress()) {
      throw new StartException(
          "Without keys Yuntai listens on loopback only, and "
              + options.host()
              + " is beyond: leave out --no-keys, or --host.");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, options.port()));
    } catch (BindException e) {
      String reason = String.valueOf(e.getMessage());
      throw reason.contains("in use")
          ? taken(options.host(), options.port(), e)
          : new StartException(
              "Yuntai can't listen on "
                  + options.host()
                  + " port "
                  + options.port()
                  + " ("
                  + reason
                  + "): choose another address with --host or another port with --port.",
              e);
    } catch (IOException e) {
      throw new StartException(
          "Yuntai can't listen on "
              + options.host()
              + " port "
              + options.port()
              + " ("
              + e.getMessage()
              + "): choose another address with --host or another port with --port.",
          e);
    }
  }

  /** The port belongs to somebody else. */
  static StartException taken(String host, int port, Exception cause) {
    OptionalLong holder = PortHolder.find(port);
    String who =
        holder.isEmpty()
            ? "another program"
            : "process " + holder.getAsLong() + PortHolder.name(holder.getAsLong());
    return new StartException(
        "Port "
            + port
            + " on "
            + host
            + " is taken by "
            + who
            + ": stop it, or choose another port with --port.",
        cause);
  }
}
