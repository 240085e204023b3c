package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OllamaApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";

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
  void streamsALineAPieceUnlessItIsToldNotTo() throws Exception {
    HttpResponse<String> stream = chat(HI + ",'options':{'temperature':0}");
    assertThat(stream.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    List<JsonNode> lines = stream.body().lines().map(JSON::readTree).toList();
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.at("/message/content").stringValue()));
    assertThat(text).hasToString(ALPHABET);
    assertThat(lines.getLast().get("done").booleanValue()).isTrue();
    assertThat(lines.getLast().get("done_reason").stringValue()).isEqualTo("stop");
    assertThat(lines.getLast().get("prompt_eval_count").intValue()).isEqualTo(5);
    assertThat(lines.getLast().get("eval_count").intValue()).isEqualTo(27);

    HttpResponse<String> whole = chat(HI + ",'stream':false,'options':{'temperature':0}");
    assertThat(whole.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(JSON.readTree(whole.body()).at("/message/content").stringValue())
        .isEqualTo(ALPHABET);
  }

  @Test
  void generatesFromPromptsAndRawTexts() throws Exception {
    String end = ",'stream':false,'options':{'temperature':0,'num_predict':3}";
    JsonNode prompt = JSON.readTree(post("/api/generate", "'prompt':'hi'" + end).body());
    assertThat(prompt.get("response").stringValue()).isEqualTo("abc");
    assertThat(prompt.get("done_reason").stringValue()).isEqualTo("length");
    JsonNode raw = JSON.readTree(post("/api/generate", "'prompt':'b','raw':true" + end).body());
    assertThat(raw.get("response").stringValue()).isEqualTo("cde");
    assertThat(post("/api/generate", "'keep_alive':0").body())
        .contains("\"done_reason\":\"unload\"");
  }

  @Test
  void saysWhichModelsThereAre() throws Exception {
    JsonNode tags = JSON.readTree(server.get("/api/tags").body());
    assertThat(tags.at("/models/0/name").stringValue()).isEqualTo("letters:1b");
    assertThat(server.get("/api/ps").body()).contains("expires_at");
    JsonNode show = JSON.readTree(post("/api/show", "'verbose':true").body());
    assertThat(show.at("/capabilities/0").stringValue()).isEqualTo("completion");
    assertThat(server.send(HttpRequest.newBuilder(server.uri("/api/version")).build()).body())
        .startsWith("{\"version\":\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/api/chat|'model':'nobody','messages':[{'role':'user','content':'x'}]|404",
        "/api/generate|'model':'letters:1b','prompt':'p','template':'t'|400",
        "/api/pull|'model':'x'|404",
        "/api/nothing|'model':'x'|404"
      })
  void errorsAreASentence(String path, String fields, int status) throws Exception {
    HttpResponse<String> response = server.post(path, "{" + fields.replace('\'', '"') + "}");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).get("error").stringValue()).isNotBlank();
  }

  @Test
  void whatDoesNotFitIsRefusedAndNeverCut() throws Exception {
    HttpResponse<String> response =
        chat("'messages':[{'role':'user','content':'" + "x".repeat(5000) + "'}]");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("4096", "5003");
  }

  private HttpResponse<String> chat(String fields) throws Exception {
    return post("/api/chat", fields);
  }

  private HttpResponse<String> post(String path, String fields) throws Exception {
    return server.post(path, ("{'model':'letters:1b'," + fields + "}").replace('\'', '"'));
  }
}
