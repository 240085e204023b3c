package io.yuntai.console.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Another server that speaks OpenAI's API, and says the same to everybody: 1,000 in, 250 out. */
public final class EchoUpstream implements AutoCloseable {
  /** What it says. */
  public static final String SAYS = "Hello from far away";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EchoUpstream(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port of this machine. */
  public static EchoUpstream start() throws IOException {
    EchoUpstream upstream =
        new EchoUpstream(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    upstream.server.setExecutor(upstream.threads);
    upstream.server.createContext(
        "/v1/chat/completions",
        exchange -> {
          try (exchange) {
            String asked =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean stream = asked.replace(" ", "").contains("\"stream\":true");
            byte[] answer = (stream ? STREAM : WHOLE).getBytes(StandardCharsets.UTF_8);
            exchange
                .getResponseHeaders()
                .set("Content-Type", stream ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    upstream.server.start();
    return upstream;
  }

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":250,\"total_tokens\":1250}";
  private static final String WHOLE =
      "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"echo\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello from far away\"},\"finish_reason\":\"stop\"}],"
          + USAGE
          + "}";
  private static final String CHUNK =
      "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"echo\",\"choices\":[";
  private static final String STREAM =
      CHUNK
          + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello from far away\"},\"finish_reason\":null}]}\n\n"
          + CHUNK
          + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
          + CHUNK
          + "],"
          + USAGE
          + "}\n\ndata: [DONE]\n\n";

  /** A configuration that leads the model {@code echo} here. */
  public String routes() {
    return """
    [upstreams.far]
    kind = "openai-compatible"
    url = "http://127.0.0.1:%d/v1"

    [routes.echo]
    [[routes.echo.targets]]
    upstream = "far"
    model = "echo"
    """
        .formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
