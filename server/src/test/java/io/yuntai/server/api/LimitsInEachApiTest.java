package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.engine.EngineOptions;
import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is too long or too much is refused alike in each API: with both counts, or with when to ask
 * again.
 */
class LimitsInEachApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CONTEXT_TOKENS = 64;

  @TempDir private Path folder;

  /** A way to ask: where, what, and where an error's code and sentence stand. */
  private record Way(String path, String body, String codePointer, String messagePointer) {
    String about(String model, String text, int maxTokens) {
      return body.replace('\'', '"')
          .replace("MODEL", model)
          .replace("TEXT", text)
          .replace("MOST", Integer.toString(maxTokens));
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way(
              "/v1/chat/completions",
              "{'model':'MODEL','max_tokens':MOST,'messages':[{'role':'user','content':'TEXT'}]}",
              "/error/code",
              "/error/message"),
          new Way(
              "/v1/completions",
              "{'model':'MODEL','max_tokens':MOST,'prompt':'TEXT'}",
              "/error/code",
              "/error/message"),
          new Way(
              "/v1/responses",
              "{'model':'MODEL','max_output_tokens':MOST,'input':'TEXT','store':false}",
              "/error/code",
              "/error/message"),
          new Way(
              "/compatible-mode/v1/chat/completions",
              "{'model':'MODEL','max_tokens':MOST,'messages':[{'role':'user','content':'TEXT'}]}",
              "/error/code",
              "/error/message"),
          new Way(
              "/anthropic/v1/messages",
              "{'model':'MODEL','max_tokens':MOST,'messages':[{'role':'user','content':'TEXT'}]}",
              "/error/type",
              "/error/message"),
          new Way(
              "/api/v1/services/aigc/text-generation/generation",
              "{'model':'MODEL','input':{'prompt':'TEXT'},'parameters':{'max_tokens':MOST}}",
              "/code",
              "/message"),
          new Way(
              "/api/chat",
              "{'model':'MODEL','stream':false,'options':{'num_predict':MOST,'top_k':0},'messages':[{'role':'user','content':'TEXT'}]}",
              "",
              "/error"),
          new Way(
              "/api/generate",
              "{'model':'MODEL','stream':false,'options':{'num_predict':MOST,'top_k':0},'prompt':'TEXT'}",
              "",
              "/error"));

  @Test
  void aPromptThatIsTooLongIsRefusedWithBothCounts() throws Exception {
    try (LiveRoutes routes = routes("[[routes.way.targets]]\nmodel = \"letters:1b\"\n");
        TestServer server =
            new TestServer(
                TestServer.OPTIONS, new EngineOptions(16, 128, 256), CONTEXT_TOKENS, routes)) {
      for (Way way : WAYS) {
        for (String model : List.of(TestServer.MODEL, "way")) {
          HttpResponse<String> answer =
              server.post(way.path(), way.about(model, "x".repeat(200), 4));
          assertThat(answer.statusCode()).as("%s %s", way.path(), answer.body()).isEqualTo(400);
          // Brackets and a beginning are the template's.
          assertThat(JSON.readTree(answer.body()).at(way.messagePointer()).asString())
              .as("%s of %s", way.path(), model)
              .containsPattern("\\b20[0-9]\\b")
              .containsPattern("\\b" + CONTEXT_TOKENS + "\\b");
        }
      }
      assertThat(server.engine().statistics().promptTokens())
          .as("nothing was cut and run")
          .isZero();
    }
  }

  @Test
  void whatAnUpstreamSaysOfItsContextIsToldInEachApi() throws Exception {
    String said = "This model's maximum context length is 8192 tokens, but you sent 9001 tokens.";
    try (MockUpstream mock =
        new MockUpstream(MockUpstream.failing(400, "context_length_exceeded", said))) {
      try (LiveRoutes routes = routes(upstream(mock.url(), ""));
          TestServer server = new TestServer(routes)) {
        for (Way way : WAYS) {
          HttpResponse<String> answer = server.post(way.path(), way.about("way", "hi", 4));
          assertThat(answer.statusCode()).as("%s %s", way.path(), answer.body()).isEqualTo(400);
          assertThat(JSON.readTree(answer.body()).at(way.messagePointer()).asString())
              .as(way.path())
              .contains("8192", "9001");
        }
      }
    }
  }

  @Test
  void whatATargetHasNoRoomForIsRefusedBeforeItIsAsked() throws Exception {
    try (MockUpstream mock = new MockUpstream(MockUpstream.hello("nobody"))) {
      try (LiveRoutes routes = routes(upstream(mock.url(), "context = 1000\n"));
          TestServer server = new TestServer(routes)) {
        for (Way way : WAYS) {
          HttpResponse<String> answer = server.post(way.path(), way.about("way", "hi", 5000));
          assertThat(answer.statusCode()).as("%s %s", way.path(), answer.body()).isEqualTo(400);
          assertThat(JSON.readTree(answer.body()).at(way.messagePointer()).asString())
              .as(way.path())
              .contains("1000", "5000");
        }
        assertThat(mock.requests()).isEmpty();
      }
    }
  }

  @Test
  void aFullQueueSaysWhenToAskAgainInEachApi() throws Exception {
    try (TestServer server =
        new TestServer(TestServer.OPTIONS, new EngineOptions(1, 1, 64), 4096)) {
      server.decoder().hold();
      Way way = WAYS.getFirst();
      AtomicInteger refused = new AtomicInteger();
      List<Thread> asking = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        asking.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    String body = way.about(TestServer.MODEL, "hi", 4);
                    if (server.post(way.path(), body).statusCode() == 429) {
                      refused.incrementAndGet();
                    }
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      // Nothing leaves the queue: where one has been refused, it is full.
      await().atMost(Duration.ofMinutes(1)).until(() -> refused.get() > 0);
      for (Way each : WAYS) {
        HttpResponse<String> answer =
            server.post(each.path(), each.about(TestServer.MODEL, "hi", 4));
        tooMany(each, answer);
        assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).isPresent();
      }
      server.decoder().release();
      for (Thread thread : asking) {
        thread.join();
      }
    }
  }

  @Test
  void anUpstreamAtItsLimitSaysWhenToAskAgainInEachApi() throws Exception {
    try (MockUpstream mock =
        new MockUpstream(
            MockUpstream.failing(429, "rate_limit_exceeded", "slow down", "Retry-After: 7"))) {
      for (Way way : WAYS) {
        // A target at its limit rests, so each way gets one of its own.
        try (LiveRoutes routes = routes(upstream(mock.url(), ""));
            TestServer server = new TestServer(routes)) {
          HttpResponse<String> answer = server.post(way.path(), way.about("way", "hi", 4));
          tooMany(way, answer);
          assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        }
      }
    }
  }

  private static void tooMany(Way way, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s %s", way.path(), answer.body()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).as(way.path()).isPresent();
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.at(way.messagePointer()).asString()).as(way.path()).hasSizeGreaterThan(8);
    if (!way.codePointer().isEmpty()) {
      assertThat(body.at(way.codePointer()).asString())
          .as(way.path())
          .isIn(
              "rate_limit_exceeded", "limit_requests", "rate_limit_error", "Throttling.RateQuota");
    }
  }

  private static String upstream(String url, String more) {
    return """
    [upstreams.mock]
    kind = "openai-compatible"
    url = "%s"
    [[routes.way.targets]]
    upstream = "mock"
    model = "m"
    %s
    """
        .formatted(url, more);
  }

  private LiveRoutes routes(String toml) throws Exception {
    LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(file, toml);
    routes.apply(RoutesFile.read(file, Map.of()));
    return routes;
  }
}
