package io.yuntai.server.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.TestServer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutedRequestsTest {
  private static final String KEY = "sk-upstream-secret-42";

  @TempDir private Path folder;
  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private MockUpstream first = never();
  private MockUpstream second = never();
  private final TestServer server = new TestServer(routes);

  private static MockUpstream never() {
    try {
      return new MockUpstream(MockUpstream.hello("nobody"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    first.behave(MockUpstream.hello("first"));
    second.behave(MockUpstream.hello("second"));
    apply("");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    routes.close();
    first.close();
    second.close();
  }

  private void apply(String upstreamSettings) throws Exception {
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(
        file,
        """
        [upstreams.first]
        kind = "openai-compatible"
        url = "%s"
        key_env = "FIRST_KEY"
        residency = ["us"]
        %s
        [upstreams.second]
        kind = "openai-compatible"
        url = "%s"
        residency = ["eu"]

        [keys.test]
        residency = []

        [routes.both]
        retry_burst = 100
        [[routes.both.targets]]
        upstream = "first"
        model = "model-a"
        context = 1000
        [[routes.both.targets]]
        upstream = "second"
        model = "model-b"
        priority = 1
        context = 2000

        [routes.single]
        [[routes.single.targets]]
        upstream = "first"
        model = "model-a"

        [routes.mixed]
        [[routes.mixed.targets]]
        upstream = "first"
        model = "model-a"
        [[routes.mixed.targets]]
        model = "letters:1b"
        priority = 1
        """
            .formatted(first.url(), upstreamSettings, second.url()));
    routes.apply(RoutesFile.read(file, Map.of("FIRST_KEY", KEY)));
  }

  private HttpResponse<String> ask(String route, boolean stream, String more) throws Exception {
    return server.post(
        "/v1/chat/completions",
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s%s}"
            .formatted(
                route,
                stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "",
                more));
  }

  @Test
  void aStreamIsPassedOnUnderTheRoutesName() throws Exception {
    HttpResponse<String> answer = ask("both", true, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"model\":\"both\"",
            "\"content\":\"hello \"",
            "\"content\":\"first\"",
            "\"prompt_tokens\":7",
            "data: [DONE]")
        .doesNotContain("model-a");
    MockUpstream.Request sent = first.requests().getFirst();
    assertThat(sent.path()).isEqualTo("/v1/chat/completions");
    assertThat(sent.headers()).containsEntry("authorization", "Bearer " + KEY);
    assertThat(sent.body()).contains("\"model\":\"model-a\"", "\"include_usage\":true");
  }

  @Test
  void aWholeAnswerIsPassedOn() throws Exception {
    assertThat(ask("both", false, "").body())
        .contains("\"content\":\"hello first\"", "\"completion_tokens\":2");
  }

  @Test
  void routesStandInEachApisListOfModels() throws Exception {
    for (String path :
        List.of(
            "/v1/models",
            "/api/v1/models?page_size=100",
            "/api/tags",
            "/compatible-mode/v1/models")) {
      assertThat(server.get(path).body()).as(path).contains("\"both\"", "\"single\"", "letters:1b");
    }
    assertThat(server.post("/api/show", "{\"model\":\"both\"}").body()).contains("completion");
    assertThat(server.post("/api/chat", "{\"model\":\"both\",\"messages\":[]}").body())
        .contains("\"done_reason\":\"load\"");
  }

  @Test
  void whatNeedsAVocabularyOfOursSaysSo() throws Exception {
    HttpResponse<String> counted =
        server.post(
            "/v1/messages/count_tokens",
            "{\"model\":\"both\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    assertThat(counted.statusCode()).isEqualTo(400);
    assertThat(counted.body()).contains("The model `both` is a route");
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(ask("single", i % 2 == 0, "").statusCode()).isEqualTo(200);
    }
    assertThat(first.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatTheUpstreamClosedMeanwhileIsNoFailure() throws Exception {
    MockUpstream.Behaviour hello = MockUpstream.hello("first");
    first.behave((request, answering) -> {
      hello.answer(request, answering);
      throw new java.io.IOException("closed, without having said so");
    });
    for (int i = 0; i < 3; i++) {
      assertThat(ask("single", false, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void failuresBeforeTheFirstTokenGoToTheNextTarget() throws Exception {
    for (MockUpstream.Behaviour failure :
        java.util.List.of(
            MockUpstream.failing(500, "x", "broken"),
            MockUpstream.failing(401, "invalid_api_key", "Incorrect key " + KEY),
            MockUpstream.failing(404, "model_not_found", "no such model"),
            (request, answering) -> answering.json(200, "[]"),
            (request, answering) -> answering.raw("nonsense\r\n\r\n"),
            (request, answering) -> {
              throw new java.io.IOException("closed");
            },
            (request, answering) -> {
              answering.stream().event("{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}");
              throw new java.io.IOException("closed before the first token");
            })) {
      apply("breaker = { failures = 1000 }");
      first.behave(failure);
      HttpResponse<String> answer = ask("both", true, "");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("second").doesNotContain("error");
    }
  }

  @Test
  void anUpstreamThatSaysNothingInTimeIsLeftForTheNext() throws Exception {
    apply("first_token_timeout = \"200ms\"");
    CountDownLatch never = new CountDownLatch(1);
    first.behave((request, answering) -> {
      answering.stream();
      never.await();
    });
    assertThat(ask("both", true, "").body()).contains("second");
    HttpResponse<String> alone = ask("single", true, "");
    assertThat(alone.statusCode()).isEqualTo(504);
    assertThat(alone.body()).contains("upstream_timeout", "200 ms");
    never.countDown();
  }

  @Test
  void anUpstreamAtItsLimitRestsAsLongAsItSays() throws Exception {
    first.behave(MockUpstream.failing(429, "rate_limit_exceeded", "slow down", "Retry-After: 30"));
    assertThat(ask("both", false, "").body()).contains("second");
    assertThat(ask("both", false, "").body()).contains("second");
    assertThat(first.requests()).hasSize(1);
    HttpResponse<String> alone = ask("single", false, "");
    assertThat(alone.statusCode()).isEqualTo(503);
    assertThat(alone.body()).contains("route_unavailable");
  }

  @Test
  void aRefusedRequestIsNotTriedElsewhere() throws Exception {
    first.behave(
        MockUpstream.failing(
            400, "context_length_exceeded", "This model's maximum context length is 10 tokens."));
    HttpResponse<String> answer = ask("both", true, "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("context_length_exceeded", "maximum context length is 10");
    assertThat(second.requests()).isEmpty();
  }

  @Test
  void noErrorEverShowsTheUpstreamsKey() throws Exception {
    for (int status : new int[] {400, 401, 403, 404, 422, 429, 500, 503}) {
      apply("breaker = { failures = 1000 }");
      first.behave(MockUpstream.failing(status, "x", "your key " + KEY + " is bad"));
      HttpResponse<String> answer = ask("single", status % 2 == 0, "");
      assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400).isNotIn(401, 403, 404);
      assertThat(answer.body()).contains("error").doesNotContain(KEY);
      routes.apply(RouteTable.EMPTY); // forgets that it rests
    }
  }

  @Test
  void afterTheFirstTokenAFailureIsAnErrorInTheStream() throws Exception {
    first.behave((request, answering) -> {
      answering.stream().text("partial");
      throw new java.io.IOException("gone");
    });
    HttpResponse<String> answer = ask("both", true, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("partial", "upstream_failed")
        .doesNotContain("second", "[DONE]");
  }

  @Test
  void aTargetThatKeepsFailingIsNotAskedAnyMore() throws Exception {
    apply("breaker = { failures = 3, open = \"10m\" }");
    first.behave(MockUpstream.failing(500, "x", "broken"));
    for (int i = 0; i < 6; i++) {
      assertThat(ask("both", false, "").body()).contains("second");
    }
    assertThat(first.requests()).hasSize(3);
    assertThat(server.get("/metrics").body())
        .contains(
            "yuntai_target_breaker{target=\"first/model-a\"} 2.0",
            "yuntai_target_requests_total{outcome=\"failed\",target=\"first/model-a\"} 3.0",
            "yuntai_target_requests_total{outcome=\"ok\",target=\"second/model-b\"} 6.0");
  }

  @Test
  void aProbeThatFailsTakesATargetOut() throws Exception {
    first.behave((request, answering) -> {
      if (request.method().equals("GET")) {
        answering.json(503, "{}");
      } else {
        MockUpstream.hello("first").answer(request, answering);
      }
    });
    apply("health = { path = \"/models\", every = \"20ms\" }");
    await().until(() -> ask("both", false, "").body().contains("second"));
    first.behave((request, answering) -> {
      if (request.method().equals("GET")) {
        answering.json(200, "{}");
      } else {
        MockUpstream.hello("first").answer(request, answering);
      }
    });
    await().until(() -> ask("both", false, "").body().contains("first"));
  }

  @Test
  void aModelOfThisServerCanStandIn() throws Exception {
    first.behave(MockUpstream.failing(500, "x", "broken"));
    HttpResponse<String> answer = ask("mixed", false, ",\"max_tokens\":3");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"model\":\"mixed\"", "\"completion_tokens\":3");
  }

  @Test
  void dataGoesOnlyWhereTheRequestAllows() throws Exception {
    HttpResponse<String> eu = demanding("both", "eu");
    assertThat(eu.body()).contains("second");
    assertThat(first.requests()).isEmpty();
    second.behave(MockUpstream.failing(500, "x", "broken"));
    assertThat(demanding("both", "EU, de").statusCode()).isEqualTo(502);
    assertThat(first.requests()).isEmpty();
    HttpResponse<String> nowhere = demanding("both", "cn");
    assertThat(nowhere.statusCode()).isEqualTo(403);
    assertThat(nowhere.body()).contains("residency_not_available", "cn");
    assertThat(demanding(TestServer.MODEL, "eu").statusCode()).isEqualTo(403);
  }

  private HttpResponse<String> demanding(String model, String residency) throws Exception {
    return server.send(
        server
            .request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .header("x-yuntai-residency", residency)
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model)))
            .build());
  }

  @Test
  void aRequestGoesWhereItFits() throws Exception {
    assertThat(ask("both", false, ",\"max_tokens\":1500").body()).contains("second");
    HttpResponse<String> answer = ask("both", false, ",\"max_tokens\":2500");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("context_length_exceeded", "2000", "2500");
  }

  @Test
  void aClientThatLeavesStopsTheUpstream() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    first.behave((request, answering) -> {
      answering.stream();
      try {
        while (true) {
          answering.text("more");
          Thread.onSpinWait();
        }
      } finally {
        left.countDown();
      }
    });
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String body =
          "{\"model\":\"single\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      client
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + TestServer.KEY
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));
      assertThat(client.getInputStream().read()).isPositive();
    }
    left.await();
    await()
        .until(() ->
            server
                .get("/metrics")
                .body()
                .contains("outcome=\"cancelled\",target=\"first/model-a\"} 1.0"));
  }

  @Test
  void routesAreListedAsModels() throws Exception {
    assertThat(server.get("/v1/models").body())
        .contains("\"id\":\"both\"", "\"id\":\"single\"", "\"id\":\"letters:1b\"");
    assertThat(server.get("/v1/models/both").statusCode()).isEqualTo(200);
  }

  @Test
  void routesChangeWithoutARestartAndABrokenFileChangesNothing() throws Exception {
    Path file = folder.resolve("yuntai.toml");
    try (RoutesWatch _ = new RoutesWatch(file, Map.of("FIRST_KEY", KEY), routes)) {
      Files.writeString(file, Files.readString(file) + "\n[routes.more\n");
      await()
          .during(java.time.Duration.ofMillis(1500))
          .until(() -> ask("single", false, "").statusCode() == 200);
      Files.writeString(
          file,
          Files.readString(file).replace("[routes.more\n", "")
              + "[routes.more]\n[[routes.more.targets]]\nupstream = \"second\"\nmodel = \"x\"\n");
      await().until(() -> ask("more", false, "").statusCode() == 200);
    }
    assertThat(first.connections())
        .as("the upstream that stayed keeps its connections")
        .isEqualTo(1);
  }
}
