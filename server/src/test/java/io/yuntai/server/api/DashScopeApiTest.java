package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
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
class DashScopeApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
  private static final String PATH = "/api/v1/services/aigc/text-generation/generation";
  private static final Map<String, String> STREAM = Map.of("X-DashScope-SSE", "enable");

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
  void answersInOneTextUnlessMessagesAreWanted() throws Exception {
    JsonNode text = JSON.readTree(post(PATH, request("'temperature':0"), Map.of()).body());
    assertThat(text.at("/output/text").stringValue()).isEqualTo(ALPHABET);
    assertThat(text.at("/output/finish_reason").stringValue()).isEqualTo("stop");
    assertThat(text.at("/usage/input_tokens").intValue()).isEqualTo(5);
    assertThat(text.at("/usage/total_tokens").intValue()).isEqualTo(32);
    assertThat(text.get("request_id").stringValue()).startsWith("req_");

    JsonNode message =
        JSON.readTree(
            post(PATH, request("'temperature':0,'result_format':'message'"), Map.of()).body());
    assertThat(message.at("/output/choices/0/message/content").stringValue()).isEqualTo(ALPHABET);
  }

  @Test
  void filesAreThoseOfTheCompatibleMode() throws Exception {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"descriptions\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"lines.jsonl\"\r\n\r\n{}\n\r\n--b--\r\n";
    HttpResponse<String> uploaded =
        server.send(
            server
                .request("/api/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form))
                .build());
    JsonNode file = JSON.readTree(uploaded.body()).at("/data/uploaded_files/0");
    assertThat(file.get("name").stringValue()).as(uploaded.body()).isEqualTo("lines.jsonl");
    String id = file.get("file_id").stringValue();

    JsonNode told = JSON.readTree(server.get("/api/v1/files/" + id).body()).get("data");
    assertThat(told.get("size").intValue()).isEqualTo(3);
    assertThat(told.get("gmt_create").stringValue()).hasSize(19);
    JsonNode list = JSON.readTree(server.get("/api/v1/files?page_no=1&page_size=5").body());
    assertThat(list.at("/data/total").intValue()).isEqualTo(1);
    assertThat(list.at("/data/files/0/file_id").stringValue()).isEqualTo(id);
    assertThat(server.get("/compatible-mode/v1/files/" + id + "/content").body()).isEqualTo("{}\n");

    HttpResponse<String> deleted =
        server.send(server.request("/api/v1/files/" + id).DELETE().build());
    assertThat(JSON.readTree(deleted.body()).at("/data/deleted").booleanValue()).isTrue();
    HttpResponse<String> absent = server.get("/api/v1/files/" + id);
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(absent.body()).contains("\"code\":\"NotFound\"", "File not found");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamsPiecesOrAllSoFar(boolean incremental) throws Exception {
    HttpResponse<String> response =
        post(
            PATH,
            request(
                "'temperature':0,'max_tokens':4,'result_format':'message','incremental_output':"
                    + incremental),
            STREAM);

    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<String> contents = new ArrayList<>();
    List<Integer> outputTokens = new ArrayList<>();
    response
        .body()
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> JSON.readTree(line.substring(5)))
        .forEach(piece -> {
          contents.add(piece.at("/output/choices/0/message/content").stringValue());
          outputTokens.add(piece.at("/usage/output_tokens").intValue());
        });
    assertThat(contents)
        .containsExactlyElementsOf(
            incremental
                ? List.of("a", "b", "c", "d", "")
                : List.of("a", "ab", "abc", "abcd", "abcd"));
    assertThat(outputTokens).containsExactly(1, 2, 3, 4, 4);
    assertThat(response.body()).contains("\"finish_reason\":\"null\"", "id:1\nevent:result\n");
  }

  @Test
  void mediaModelsPathTakesTextInParts() throws Exception {
    JsonNode body =
        JSON.readTree(
            post(
                    "/api/v1/services/aigc/multimodal-generation/generation",
                    "{'model':'letters:1b','input':{'messages':[{'role':'user','content':[{'text':'hi'}]}]},'parameters':{'temperature':0}}"
                        .replace('\'', '"'),
                    Map.of())
                .body());
    assertThat(body.at("/output/choices/0/message/content/0/text").stringValue())
        .isEqualTo(ALPHABET);
  }

  @Test
  void tokenIdsEndAnAnswer() throws Exception {
    JsonNode body =
        JSON.readTree(post(PATH, request("'temperature':0,'stop':[[100,101]]"), Map.of()).body());
    assertThat(body.at("/output/text").stringValue()).isEqualTo("abc");
  }

  @Test
  void whatTheAssistantHasBegunIsContinued() throws Exception {
    JsonNode body =
        JSON.readTree(
            post(
                    PATH,
                    "{'model':'letters:1b','input':{'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':'abc','partial':true}]},'parameters':{'temperature':0,'max_tokens':3}}"
                        .replace('\'', '"'),
                    Map.of())
                .body());
    assertThat(body.at("/usage/input_tokens").intValue()).isEqualTo(8);
    assertThat(body.at("/output/text").stringValue()).isEqualTo("def");
  }

  @Test
  void tasksRunByThemselvesAndAreTheirOwners() throws Exception {
    JsonNode started =
        JSON.readTree(
            post(PATH, request("'temperature':0"), Map.of("X-DashScope-Async", "enable")).body());
    assertThat(started.at("/output/task_status").stringValue()).isEqualTo("PENDING");
    String path = "/api/v1/tasks/" + started.at("/output/task_id").stringValue();
    Awaitility.await().until(() -> !Set.of("PENDING", "RUNNING").contains(status(path)));

    JsonNode done = JSON.readTree(get(path, TestServer.KEY).body());
    assertThat(done.at("/output/task_status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(done.at("/output/text").stringValue()).isEqualTo(ALPHABET);
    assertThat(done.at("/usage/output_tokens").intValue()).isEqualTo(27);
    server.keys().add("other");
    assertThat(get(path, "other").body()).contains("\"task_status\":\"UNKNOWN\"");
    assertThat(post(path + "/cancel", "{}", Map.of()).statusCode()).isEqualTo(400);
  }

  @Test
  void aTaskCanBeCanceled() throws Exception {
    JsonNode started =
        JSON.readTree(
            post(PATH, request("'temperature':0,'n':128"), Map.of("X-DashScope-Async", "enable"))
                .body());
    String path = "/api/v1/tasks/" + started.at("/output/task_id").stringValue();
    int status = post(path + "/cancel", "{}", Map.of()).statusCode();
    Awaitility.await().until(() -> !status(path).equals("RUNNING"));
    assertThat(status(path)).isEqualTo(status == 200 ? "CANCELED" : "SUCCEEDED");
  }

  @Test
  void modelsAreListedByPages() throws Exception {
    assertThat(get("/api/v1/models?page_no=1&page_size=5", TestServer.KEY).body())
        .contains("\"total\":1", "\"models\":[{\"model\":\"letters:1b\"");
    assertThat(get("/api/v1/models?page_no=2", TestServer.KEY).body()).contains("\"models\":[]");
    assertThat(get("/api/v1/models?page_no=x", TestServer.KEY).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/services/audio/tts,404,NotFound",
    "/api/v1/services/aigc/text-generation/generation,400,BadRequest.EmptyModel"
  })
  void errorsHaveItsShape(String path, int status, String code) throws Exception {
    HttpResponse<String> response = post(path, "{}", Map.of());
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).get("code").stringValue()).isEqualTo(code);
    assertThat(get("/api/v1/models", "nobody").body()).contains("\"code\":\"InvalidApiKey\"");
  }

  @Test
  void theCompatibleModeIsOpenAisWithErrorsOfItsOwn() throws Exception {
    String path = "/compatible-mode/v1/chat/completions";
    HttpResponse<String> response =
        post(
            path,
            "{\"model\":\"letters:1b\",\"enable_thinking\":false,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            Map.of());
    assertThat(JSON.readTree(response.body()).at("/choices/0/message/content").stringValue())
        .isEqualTo(ALPHABET);
    JsonNode refused = JSON.readTree(post(path, "{}", Map.of()).body());
    assertThat(refused.at("/error/param").stringValue()).isEqualTo("model");
    assertThat(refused.get("request_id").stringValue()).startsWith("req_");
    assertThat(get("/compatible-mode/v1/models", TestServer.KEY).statusCode()).isEqualTo(200);
  }

  private String status(String path) throws Exception {
    return JSON.readTree(get(path, TestServer.KEY).body()).at("/output/task_status").stringValue();
  }

  private HttpResponse<String> get(String path, String key) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri(path)).header("Authorization", "Bearer " + key).build());
  }

  private HttpResponse<String> post(String path, String json, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        server
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json));
    headers.forEach(request::header);
    return server.send(request.build());
  }

  private static String request(String parameters) {
    return ("{'model':'letters:1b','input':{'messages':[{'role':'user','content':'hi'}]},'parameters':{"
            + parameters
            + "}}")
        .replace('\'', '"');
  }
}
