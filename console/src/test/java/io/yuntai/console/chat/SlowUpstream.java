package io.yuntai.console.chat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An upstream of OpenAI's kind that says what a test tells it to, when it tells it to. */
final class SlowUpstream implements AutoCloseable {
  private static final String END = "\0end";
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

  SlowUpstream() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  /** Two routes to it. */
  String routes() {
    return """
    [upstreams.slow]
    kind = "openai-compatible"
    url = "http://127.0.0.1:%d/v1"

    [routes.slow]
    [[routes.slow.targets]]
    upstream = "slow"
    model = "slow"

    [routes.other]
    [[routes.other.targets]]
    upstream = "slow"
    model = "other"
    """
        .formatted(server.getAddress().getPort());
  }

  /** The next pieces of whatever answer is under way, or comes. */
  void say(String... pieces) {
    words.addAll(List.of(pieces));
  }

  /** And then it ends. */
  void end() {
    words.add(END);
  }

  /** What was asked. */
  List<JsonNode> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String word = words.take(); !word.equals(END); word = words.take()) {
        event(out, "{\"content\":" + JSON.writeValueAsString(word) + "}", "null");
      }
      event(out, "{}", "\"stop\"");
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void event(OutputStream out, String delta, String reason) throws IOException {
    String data =
        """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",\
        "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

        """
            .formatted(delta, reason);
    out.write(data.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
