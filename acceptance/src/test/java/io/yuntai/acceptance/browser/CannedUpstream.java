package io.yuntai.acceptance.browser;

import com.sun.net.httpserver.HttpExchange;
import io.yuntai.acceptance.LocalUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenAI-compatible upstream whose answers are always the same text with all that Markdown has:
 * once and at once, or forty times and slowly to who asks {@link #SLOWLY}.
 */
final class CannedUpstream implements AutoCloseable {
  /** The model's name. */
  static final String MODEL = "canned";

  /** What makes an answer grow over two seconds. */
  static final String SLOWLY = "slowly";

  private static final int SLOW_PIECES = 40;
  private static final long PAUSE_NANOS = 50_000_000;

  private static final String ANSWER =
      "A paragraph with **bold** words, `code` and a [link](https://example.com). ".repeat(4)
          + """


          ```java
          record Point(int x, int y) {
            int sum() {
              return x + y;
            }
          }
          ```

          | a | b |
          |---|---|
          | 1 | 2 |
          | 3 | 4 |

          - one
          - two
          - three

          """;

  private final LocalUpstream server;

  CannedUpstream() throws IOException {
    server = new LocalUpstream(MODEL, CannedUpstream::answer);
  }

  /** The route to it, as a configuration has it. */
  String route() {
    return server.route();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var messages =
          JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()).path("messages");
      String last = messages.path(messages.size() - 1).path("content").toString();
      int pieces = last.contains(SLOWLY) ? SLOW_PIECES : 1;
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      var out = exchange.getResponseBody();
      for (int i = 0; i < pieces; i++) {
        out.write(
            event("{\"content\":" + JsonMapper.shared().writeValueAsString(ANSWER) + "}", "null"));
        out.flush();
        if (pieces > 1) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
      out.write(event("{}", "\"stop\""));
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] event(String delta, String reason) {
    return """
    data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"canned",\
    "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

    """
        .formatted(delta, reason)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
