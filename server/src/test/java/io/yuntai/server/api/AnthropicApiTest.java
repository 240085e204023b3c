package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnthropicApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
  private static final String PATH = "/v1/messages";

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

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/messages", "/anthropic/v1/messages", "/apps/anthropic/v1/messages?beta=true"})
  void answersAtEachOfItsPaths(String path) throws Exception {
    HttpResponse<String> response = server.post(path, request("'max_tokens':50,'temperature':0"));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.get("type").stringValue()).isEqualTo("message");
    assertThat(body.get("id").stringValue()).startsWith("msg_");
    assertThat(body.at("/content/0/text").stringValue()).isEqualTo(ALPHABET);
    assertThat(body.get("stop_reason").stringValue()).isEqualTo("end_turn");
    assertThat(input(body.get("usage"))).isEqualTo(5);
    assertThat(body.at("/usage/output_tokens").intValue()).isEqualTo(27);
    assertThat(response.headers().firstValue("request-id"))
        .isEqualTo(response.headers().firstValue("x-request-id"));
  }

  @Test
  void streamsAMessageOfBlocks() throws Exception {
    HttpResponse<String> response =
        server.post(PATH, request("'max_tokens':3,'temperature':0,'stream':true"));

    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(
            response
                .body()
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .filter(name -> !name.equals("content_block_delta"))
                .toList())
        .containsExactly(
            "message_start",
            "ping",
            "content_block_start",
            "content_block_stop",
            "message_delta",
            "message_stop");
    assertThat(response.body())
        .contains("\"input_tokens\":5", "\"stop_reason\":\"max_tokens\"", "\"output_tokens\":3");
  }

  @Test
  void aStopSequenceIsNamed() throws Exception {
    JsonNode body =
        JSON.readTree(
            server
                .post(PATH, request("'max_tokens':50,'temperature':0,'stop_sequences':['de']"))
                .body());

    assertThat(body.at("/content/0/text").stringValue()).isEqualTo("abc");
    assertThat(body.get("stop_reason").stringValue()).isEqualTo("stop_sequence");
    assertThat(body.get("stop_sequence").stringValue()).isEqualTo("de");
  }

  @Test
  void countsWithoutAnswering() throws Exception {
    HttpResponse<String> response =
        server.post(
            "/anthropic/v1/messages/count_tokens",
            "{\"model\":\"letters:1b\",\"system\":\"be brief\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    assertThat(response.body()).isEqualTo("{\"input_tokens\":15}");
  }

  @Test
  void takesItsOwnHeaderForTheKey() throws Exception {
    assertThat(send("x-api-key", TestServer.KEY, PATH).statusCode()).isEqualTo(200);
    HttpResponse<String> wrong = send("x-api-key", "nobody", PATH);
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(JSON.readTree(wrong.body()).at("/error/type").stringValue())
        .isEqualTo("authentication_error");
    assertThat(wrong.headers().firstValue("request-id"))
        .contains(JSON.readTree(wrong.body()).get("request_id").stringValue());
  }

  @ParameterizedTest
  @CsvSource({"2023-06-01,200", "2026-10-21,400", "yesterday,400"})
  void speaksTheVersionThatIsAskedFor(String version, int status) throws Exception {
    HttpRequest request =
        server
            .request(PATH)
            .header("anthropic-version", version)
            .header("anthropic-beta", "one-of-tomorrow")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request("'max_tokens':3,'temperature':1")))
            .build();
    assertThat(server.send(request).statusCode()).isEqualTo(status);
  }

  /** As agents send them: betas by header, their fields at every level, and of types to come. */
  @ParameterizedTest
  @ValueSource(strings = {"2023-06-01", "2026-10-21"})
  void betasThatNobodyKnowsChangeNothing(String version) throws Exception {
    String plain = request("'max_tokens':50");
    String strange =
        plain
            .replace("\"role\":", "\"of_tomorrow\":[1,{\"a\":null}],\"role\":")
            .replaceFirst(
                "\\{",
                "{\"betas\":[\"one-of-tomorrow\"],\"context_management\":{\"edits\":[{\"type\":\"later_20991231\"}]},\"speed\":\"later\",");
    assertThat(strange).isNotEqualTo(plain);
    HttpRequest asked =
        server
            .request("/anthropic/v1/messages?beta=true")
            .header("anthropic-version", version)
            .header("anthropic-beta", "one-of-tomorrow-2099-12-31,another")
            .header("anthropic-beta", "and-one-more")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(strange))
            .build();

    HttpResponse<String> answer = server.send(asked);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.get("stop_reason").stringValue()).isIn("end_turn", "max_tokens");
    assertThat(input(body.get("usage"))).isEqualTo(5); // nothing of it came into the prompt
  }

  @ParameterizedTest
  @CsvSource({
    "/anthropic/v1/nothing,404,not_found_error",
    "/v1/messages/batches,404,not_found_error"
  })
  void errorsHaveItsShape(String path, int status, String type) throws Exception {
    HttpResponse<String> response = server.post(path, "{}");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).at("/error/type").stringValue()).isEqualTo(type);
  }

  @Test
  void whatDoesNotFitIsRefusedWithCounts() throws Exception {
    HttpResponse<String> response =
        server.post(
            PATH,
            "{\"model\":\"letters:1b\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "x".repeat(5000)
                + "\"}]}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).at("/error/message").stringValue())
        .isEqualTo("prompt is too long: 5003 tokens > 4096 maximum");
  }

  @Test
  void modelsHaveItsShapeForItsClients() throws Exception {
    for (String path : new String[] {"/v1/models", "/anthropic/v1/models"}) {
      HttpResponse<String> list =
          server.send(
              HttpRequest.newBuilder(server.uri(path))
                  .header("x-api-key", TestServer.KEY)
                  .header("anthropic-version", "2023-06-01")
                  .build());
      assertThat(list.body())
          .isEqualTo(
              """
              {"data":[{"type":"model","id":"letters:1b","display_name":"letters:1b","created_at":"2023-11-14T22:13:20Z"}],\
              "has_more":false,"first_id":"letters:1b","last_id":"letters:1b"}\
              """);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/anthropic", "/anthropic/", "/apps/anthropic", "/"})
  void theBaseIsThere(String path) throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(server.uri(path)).method("HEAD", BodyPublishers.noBody()).build();
    assertThat(server.send(head).statusCode()).isEqualTo(200);
  }

  private static long input(JsonNode usage) {
    return usage.get("input_tokens").longValue() + usage.get("cache_read_input_tokens").longValue();
  }

  private HttpResponse<String> send(String header, String value, String path) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header(header, value)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request("'max_tokens':3")))
            .build());
  }

  private static String request(String fields) {
    return ("{'model':'letters:1b','messages':[{'role':'user','content':'hi'}]," + fields + "}")
        .replace('\'', '"');
  }
}
