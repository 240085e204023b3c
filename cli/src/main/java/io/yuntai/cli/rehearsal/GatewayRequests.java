package io.yuntai.cli.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yuntai.server.StartEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests through a route to an upstream that only pretends. A gateway spends half the time of its
 * first thousand requests in code that is not compiled yet; what the JVM learns here, it knows at
 * each start.
 */
final class GatewayRequests implements AutoCloseable {
  private static final int WHOLE = 1000;
  private static final int STREAMS = 100;
  private static final int STREAMED_TOKENS = 24;
  private static final String QUESTION =
      "{\"model\":\"rehearsed\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me of rivers.\"}]}";
  private static final String WHOLE_ANSWER =
      """
      {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
      "message":{"role":"assistant","content":"They run."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}\
      """;
  private static final String CHUNK =
      """
      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",\
      "choices":[{"index":0,"delta":{"content":" run"},"finish_reason":null}]}

      """;
  private static final String LAST_CHUNKS =
      """
      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",\
      "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],\
      "usage":{"prompt_tokens":5,"completion_tokens":24,"total_tokens":29}}

      data: [DONE]

      """;

  private final HttpServer upstream;
  private final AtomicReference<String> key = new AtomicReference<>("");

  private GatewayRequests(HttpServer upstream) {
    this.upstream = upstream;
  }

  /** Opens the upstream. */
  static GatewayRequests open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", GatewayRequests::answer);
    server.start();
    return new GatewayRequests(server);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean streamed = question.replace(" ", "").contains("\"stream\":true");
      String text = streamed ? CHUNK.repeat(STREAMED_TOKENS) + LAST_CHUNKS : WHOLE_ANSWER;
      exchange
          .getResponseHeaders()
          .set("Content-Type", streamed ? "text/event-stream" : "application/json");
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, streamed ? 0 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Writes a configuration file with the route. */
  Path config(Path folder) throws IOException {
    String routes =
        """
        [upstreams.pretended]
        kind = "openai-compatible"
        url = "http://127.0.0.1:%d/v1"

        [routes.rehearsed]
        [[routes.rehearsed.targets]]
        upstream = "pretended"
        model = "m"
        """;
    return Files.writeString(
        folder.resolve("rehearsed.toml"), routes.formatted(upstream.getAddress().getPort()));
  }

  /** Keeps the server's first key, which is told before it is ready. */
  void listen(StartEvent event) {
    if (event instanceof StartEvent.FirstKey first) {
      key.set(first.key().key());
    }
  }

  /** Sends all requests, one after the other. */
  void send(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < WHOLE + STREAMS; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key.get())
                .POST(HttpRequest.BodyPublishers.ofString(QUESTION.formatted(i >= WHOLE)))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new IOException("the route answered " + answer.statusCode() + ": " + answer.body());
        }
      }
    }
  }

  @Override
  public void close() {
    upstream.stop(0);
  }
}
