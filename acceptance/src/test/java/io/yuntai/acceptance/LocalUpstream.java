package io.yuntai.acceptance;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An OpenAI-compatible upstream of this machine, with one model, whose answers a test writes. */
public final class LocalUpstream implements AutoCloseable {
  private final String name;
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param name its own, its model's and its route's
   * @param chat answers questions for chat completions, each on a thread of its own
   */
  public LocalUpstream(String name, HttpHandler chat) throws IOException {
    this.name = name;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", chat);
    server.start();
  }

  /** The route to it, as a configuration has it. */
  public String route() {
    return """
    [upstreams.%1$s]
    kind = "openai-compatible"
    url = "http://127.0.0.1:%2$d/v1"

    [routes.%1$s]
    [[routes.%1$s.targets]]
    upstream = "%1$s"
    model = "%1$s"
    """
        .formatted(name, server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
