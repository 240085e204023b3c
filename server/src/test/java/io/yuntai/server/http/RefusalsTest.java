package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.EngineOptions;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String HELLO =
      "{\"model\":\"letters:1b\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @SuppressWarnings("NullAway.Init") // before all
  private TestServer server;

  @BeforeAll
  void start() {
    server = new TestServer();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void withoutAKeyOrWithAWrongOneNobodyGetsIn() throws Exception {
    HttpResponse<String> none =
        server.send(
            HttpRequest.newBuilder(server.uri(CHAT)).POST(BodyPublishers.ofString(HELLO)).build());
    HttpResponse<String> wrong =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/models"))
                .header("Authorization", "Bearer yt-wrong")
                .build());
    HttpResponse<String> basic =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/models"))
                .header("Authorization", "Basic " + TestServer.KEY)
                .build());

    error(none, 401, "invalid_api_key");
    error(wrong, 401, "invalid_api_key");
    error(basic, 401, "invalid_api_key");
    assertThat(none.body()).contains("You didn't provide an API key");
    assertThat(wrong.body()).contains("Incorrect API key provided").doesNotContain("yt-wrong");
    assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void aRevokedKeyIsRefusedFromTheNextRequestOn() throws Exception {
    server.keys().add("yt-second");
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/v1/models"))
            .header("Authorization", "bearer yt-second")
            .build();

    assertThat(server.send(request).statusCode()).isEqualTo(200);
    server.keys().remove("yt-second");
    error(server.send(request), 401, "invalid_api_key");
  }

  @Test
  void anUnknownModelIsNotFoundAndNearNamesAreTold() throws Exception {
    HttpResponse<String> response = server.post(CHAT, HELLO.replace("letters:1b", "leters:1b"));

    JsonNode error = error(response, 404, "model_not_found");
    assertThat(error.get("message").stringValue())
        .isEqualTo(
            "The model `leters:1b` does not exist or you do not have access to it. Did you mean `letters:1b`?");
  }

  @Test
  void modelsAreListedAndFoundWithTheirColonsAndSlashes() throws Exception {
    server
        .host()
        .find("letters:1b")
        .ifPresent(m -> {
          String name = "hf://org/repo/file name.gguf";
          server
              .host()
              .add(
                  new HostedModel(
                      name,
                      1,
                      "org",
                      m.tokenizer(),
                      m.prompts(),
                      m.format(),
                      m.grammars(),
                      m.generator(),
                      m.kernel(),
                      m.statistics(),
                      Optional::empty));
        });

    assertThat(server.get("/v1/models").body()).contains("\"object\":\"list\"", "\"letters:1b\"");
    assertThat(server.get("/v1/models/letters:1b").body())
        .isEqualTo(
            "{\"id\":\"letters:1b\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"tests\"}");
    assertThat(server.get("/v1/models/letters%3A1b").statusCode()).isEqualTo(200);
    assertThat(server.get("/v1/models/hf://org/repo/file%20name.gguf").statusCode()).isEqualTo(200);
    assertThat(server.get("/v1/models/hf:%2F%2Forg%2Frepo%2Ffile%20name.gguf").statusCode())
        .isEqualTo(200);
    error(server.get("/v1/models/other"), 404, "model_not_found");
    server.host().remove("hf://org/repo/file name.gguf");
  }

  @Test
  void unknownPathsWrongMethodsAndWrongTypesAreToldApart() throws Exception {
    error(server.get("/v1/nothing"), 404, "unknown_url");
    HttpResponse<String> get = server.get(CHAT);
    error(get, 405, "method_not_allowed");
    assertThat(get.headers().firstValue("Allow")).contains("POST, OPTIONS");
    error(server.post("/v1/models", "{}"), 405, "method_not_allowed");
    error(typed("text/html", HELLO), 415, "unsupported_media_type");
    error(typed("application/json; charset=gbk", HELLO), 415, "unsupported_media_type");
    assertThat(typed("application/json; charset=UTF-8", HELLO).statusCode()).isEqualTo(200);
    assertThat(typed("application/x-www-form-urlencoded", HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void aFormOfAnotherPageIsRefused() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(
          RawClient.head("POST", CHAT)
              + "Origin: http://elsewhere.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              + "Connection: close\r\nContent-Length: "
              + HELLO.length()
              + "\r\n\r\n"
              + HELLO);
      assertThat(client.readAll()).startsWith("HTTP/1.1 415");
    }
  }

  @Test
  void headAndOptionsAndHealthAnswerSensibly() throws Exception {
    HttpResponse<String> head =
        server.send(server.request("/v1/models").method("HEAD", BodyPublishers.noBody()).build());
    HttpResponse<String> options =
        server.send(server.request(CHAT).method("OPTIONS", BodyPublishers.noBody()).build());

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Allow")).contains("POST, OPTIONS");
    assertThat(server.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
    assertThat(server.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(server.get("/").body()).contains("yuntai");
  }

  @Test
  void brokenBodiesAreRefusedInTheCallersShape() throws Exception {
    error(server.post(CHAT, ""), 400, "invalid_json");
    error(server.post(CHAT, "{\"model\":"), 400, "invalid_json");
    error(server.post(CHAT, HELLO + "x"), 400, "invalid_json");
    error(server.post(CHAT, "[".repeat(100_000)), 400, "invalid_json");
    error(server.post(CHAT, "{\"model\":\"a\",\"model\":\"b\"}"), 400, "invalid_json");
    error(server.post(CHAT, "{\"model\":7}"), 400, "invalid_type");
    error(
        server.post(CHAT, HELLO.replace("}]}", "}],\"tools\":[{}]}")),
        400,
        "missing_required_parameter");
    error(
        server.post(
            CHAT,
            HELLO.replace(
                "}]}", "}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}")),
        400,
        "unsupported_parameter");
  }

  @Test
  void invalidUtf8IsNamed() throws Exception {
    byte[] body = HELLO.getBytes(StandardCharsets.UTF_8);
    body[HELLO.indexOf("hi")] = (byte) 0xC3;
    HttpResponse<String> response =
        server.send(server.request(CHAT).POST(BodyPublishers.ofByteArray(body)).build());

    JsonNode error = error(response, 400, "invalid_json");
    assertThat(error.get("message").stringValue()).contains("invalid UTF-8 at byte");
  }

  @Test
  void anAnnouncedBodyOf50MegabytesIsRefusedWithoutReadingIt() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(
          RawClient.head("POST", CHAT)
              + "Content-Type: application/json\r\nContent-Length: 52428800\r\n\r\n{");
      String answer = client.readAll();
      assertThat(answer).startsWith("HTTP/1.1 413").contains("request_too_large", "x-request-id");
    }
  }

  @Test
  void aBodyInChunksWithoutAnEndIsRefusedAtTheBoundAndAllOfTheRefusalIsRead() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(
          RawClient.head("POST", CHAT)
              + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      byte[] chunk =
          ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      while (!client.hasAnswer()) {
        client.send(chunk);
      }
      client.send(chunk); // bytes after the answer must not cost the client the answer
      assertThat(client.readAll())
          .startsWith("HTTP/1.1 413")
          .contains("Connection: close", "request_too_large")
          .endsWith("}");
    }
  }

  @Test
  void anEmptyAnswerToAnUnreadBodySaysThatTheConnectionEnds() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(RawClient.head("OPTIONS", CHAT) + "Content-Length: 1\r\n\r\n{");
      assertThat(client.readAll()).startsWith("HTTP/1.1 204").contains("Connection: close");
    }
  }

  @Test
  void aClientThatSendsAllOf50MegabytesStillReadsItsRefusal() throws Exception {
    HttpResponse<String> response = server.post(CHAT, " ".repeat(50 << 20));

    error(response, 413, "request_too_large");
  }

  @Test
  void aSlowDripOfBodyIsCutOff() throws Exception {
    try (TestServer impatient = impatient();
        RawClient client = new RawClient(impatient.port())) {
      client.send(
          RawClient.head("POST", CHAT)
              + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408").contains("request_timeout");
    }
  }

  @Test
  void aSlowDripOfHeadersIsCutOff() throws Exception {
    try (TestServer impatient = impatient();
        RawClient client = new RawClient(impatient.port())) {
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n");
      Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            try {
              client.send("x-drip: 1\r\n");
              return false;
            } catch (IOException _) {
              return true;
            }
          });
    }
  }

  @Test
  void aRequestThatBreaksOffIsToldSo() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(
          RawClient.head("POST", CHAT)
              + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
      client.halfClose();
      assertThat(client.readAll()).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatOnlySendsNoMoreStillGetsItsAnswer(boolean stream) throws Exception {
    try (TestServer held = new TestServer();
        RawClient client = new RawClient(held.port())) {
      held.decoder().hold();
      client.send(
          RawClient.post(
              CHAT, HELLO.replace("{\"model\"", "{\"stream\":" + stream + ",\"model\"")));
      client.halfClose();
      // The head comes while the engine is held: it is the probe for whether the client has gone.
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
      held.decoder().release();
      assertThat(client.readAll()).contains("\"length\"");
    }
  }

  @Test
  void malformedHttpIsRefusedInTheCallersShape() throws Exception {
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("\"error\"");
    assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400").contains("\"error\"");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nx-long: " + "y".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("request_header_too_large", "x-request-id");
    assertThat(raw("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(raw("GET /v1/../x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("\"error\"");
  }

  @Test
  void malformedHttpEndsItsConnectionAfterAllOfTheRefusalIsRead() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send("POST /v1/%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n");
      byte[] piece = new byte[0x10000];
      while (!client.hasAnswer()) {
        client.send(piece);
      }
      client.send(piece); // bytes after the answer must not cost the client the answer
      assertThat(client.readUntil("no end"))
          .startsWith("HTTP/1.1 400")
          .contains("Connection: close", "bad_http_request")
          .endsWith("}");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send(
          RawClient.post(
                  "/v1/completions",
                  "{\"model\":\"letters:1b\",\"prompt\":\"x\",\"temperature\":0}")
              + RawClient.head("GET", "/health/live")
              + "\r\n"
              + RawClient.head("GET", "/v1/nothing")
              + "Connection: close\r\n\r\n");
      String all = client.readAll();
      assertThat(all.indexOf("\"yz\"")).isPositive().isLessThan(all.indexOf("\"live\""));
      assertThat(all.indexOf("\"live\"")).isLessThan(all.indexOf("unknown_url"));
    }
  }

  @Test
  void everyAnswerCarriesARequestIdOfItsOwn() throws Exception {
    String first = server.get("/").headers().firstValue("x-request-id").orElse("");
    String second = server.get("/").headers().firstValue("x-request-id").orElse("");

    assertThat(first).startsWith("req_").isNotEqualTo(second);
  }

  @Test
  void aFullQueueSaysWhenToComeAgain() throws Exception {
    try (TestServer small = new TestServer(TestServer.OPTIONS, new EngineOptions(1, 1, 64), 128)) {
      small.decoder().hold();
      HttpResponse<String> response =
          small.post(CHAT, HELLO.replace("{\"model", "{\"n\":4,\"model"));

      error(response, 429, "rate_limit_exceeded");
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
      small.decoder().release();
      Awaitility.await().until(() -> small.engine().statistics().running() == 0);
      assertThat(small.post(CHAT, HELLO).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anEngineThatFailsIsOurFaultAndLeaksNothing() throws Exception {
    try (TestServer broken = new TestServer()) {
      broken.decoder().breakDown();
      HttpResponse<String> failed = broken.post(CHAT, HELLO);
      HttpResponse<String> after = broken.post(CHAT, HELLO);

      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(after.statusCode()).isIn(500, 503);
      assertThat(failed.body()).contains("server_error").doesNotContain("\tat ", "Exception");
    }
  }

  private static TestServer impatient() {
    return new TestServer(
        TestServer.impatient(Duration.ofMillis(500)), EngineOptions.DEFAULTS, 128);
  }

  private HttpResponse<String> typed(String type, String body) throws Exception {
    return server.send(
        server
            .request(CHAT)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private String raw(String request) throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      return client.send(request).readAll();
    }
  }

  private static JsonNode error(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("code").stringValue()).isEqualTo(code);
    assertThat(error.get("message").stringValue()).isNotBlank();
    assertThat(error.has("param")).isTrue();
    assertThat(error.get("type").stringValue()).isNotBlank();
    return error;
  }
}
