package io.yuntai.server.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files and batches as clients meet them. */
class BatchesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TestServer server = new TestServer();

  @AfterAll
  static void end() {
    server.close();
  }

  private static HttpResponse<String> upload(String purpose, String content) throws Exception {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
            + purpose
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a/in.jsonl\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
            + content
            + "\r\n--b--\r\n";
    return server.send(
        server
            .request("/v1/files")
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  private static String fileId(String content) throws Exception {
    return JSON.readTree(upload("batch", content).body()).path("id").asString();
  }

  private static String line(String name, String content) {
    return """
    {"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[{"role":"user","content":"%s"}],"max_tokens":3}}
    """
        .formatted(name, TestServer.MODEL, content);
  }

  private static JsonNode create(String file) throws Exception {
    return JSON.readTree(
        server
            .post(
                "/v1/batches",
                """
                {"input_file_id":"%s","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"for":"test"}}
                """
                    .formatted(file))
            .body());
  }

  private static JsonNode ended(String id) {
    List<JsonNode> last = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          last.add(JSON.readTree(server.get("/v1/batches/" + id).body()));
          return List.of("completed", "failed", "cancelled", "expired")
              .contains(last.getLast().path("status").asString());
        });
    return last.getLast();
  }

  private static List<JsonNode> lines(String file) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : server.get("/v1/files/" + file + "/content").body().split("\n")) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void aFileIsKeptListedReadAndDeleted() throws Exception {
    HttpResponse<String> answer = upload("batch", "content of it\n");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode file = JSON.readTree(answer.body());
    String path = "/v1/files/" + file.path("id").asString();
    assertThat(file.path("bytes").asInt()).isEqualTo(14);
    assertThat(file.path("filename").asString()).isEqualTo("in.jsonl");
    assertThat(server.get(path + "/content").body()).isEqualTo("content of it\n");
    assertThat(server.get("/v1/files?limit=100").body()).contains(file.path("id").asString());
    assertThat(server.get("/compatible-mode" + path).statusCode()).isEqualTo(200);
    assertThat(server.send(server.request(path).DELETE().build()).body())
        .contains("\"deleted\":true");
    assertThat(server.get(path).statusCode()).isEqualTo(404);
    assertThat(server.get(path + "/content").statusCode()).isEqualTo(404);
  }

  @Test
  void aLargeFileComesBackByteForByte() throws Exception {
    String content = "0123456789abcdef".repeat(200_000);
    String id = fileId(content);
    String back = server.get("/v1/files/" + id + "/content").body();
    assertThat(back.equals(content)).as("%d bytes back", back.length()).isTrue();
  }

  @Test
  void whatIsNoFormIsRefused() throws Exception {
    assertThat(server.post("/v1/files", "{}").statusCode()).isEqualTo(415);
    assertThat(upload("poetry", "x").body()).contains("'poetry'").contains("\"param\":\"purpose\"");
    HttpResponse<String> damaged =
        server.send(
            server
                .request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(
                    BodyPublishers.ofByteArray("--b\r\nnonsense".getBytes(StandardCharsets.UTF_8)))
                .build());
    assertThat(damaged.statusCode()).as(damaged.body()).isEqualTo(400);
  }

  @Test
  void eachRequestIsAnsweredOnce() throws Exception {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      input.append(line("r" + i, i % 10 == 3 ? "refuse" : "hello " + i));
    }
    JsonNode batch = ended(create(fileId(input.toString())).path("id").asString());
    assertThat(batch.path("status").asString()).as(batch.toString()).isEqualTo("completed");
    assertThat(batch.path("request_counts").toString())
        .isEqualTo("{\"total\":40,\"completed\":36,\"failed\":4}");
    assertThat(batch.path("metadata").path("for").asString()).isEqualTo("test");
    List<JsonNode> answers = lines(batch.path("output_file_id").asString());
    List<JsonNode> refusals = lines(batch.path("error_file_id").asString());
    assertThat(answers).extracting(n -> n.path("custom_id").asString()).doesNotHaveDuplicates();
    assertThat(answers).hasSize(36);
    assertThat(answers)
        .allMatch(n ->
            n.path("response").path("body").path("usage").path("completion_tokens").asInt() == 3);
    assertThat(refusals)
        .extracting(n -> n.path("custom_id").asString())
        .containsExactlyInAnyOrder("r3", "r13", "r23", "r33");
    assertThat(refusals).allMatch(n -> n.path("response").path("status_code").asInt() == 400);
  }

  @Test
  void responsesAreBatchedTooAndKept() throws Exception {
    String line =
        """
        {"custom_id":"%s","method":"POST","url":"/v1/responses","body":{"model":"%s","input":"hi","max_output_tokens":3%s}}
        """;
    String input =
        line.formatted("kept", TestServer.MODEL, "")
            + line.formatted("streamed", TestServer.MODEL, ",\"stream\":true")
            + line.formatted("behind", TestServer.MODEL, ",\"background\":true")
            + line.formatted("on", TestServer.MODEL, ",\"previous_response_id\":\"resp_no\"");
    JsonNode created =
        JSON.readTree(
            server
                .post(
                    "/v1/batches",
                    """
                    {"input_file_id":"%s","endpoint":"/v1/responses","completion_window":"24h"}
                    """
                        .formatted(fileId(input)))
                .body());
    JsonNode batch = ended(created.path("id").asString());
    assertThat(batch.path("request_counts").toString())
        .isEqualTo("{\"total\":4,\"completed\":1,\"failed\":3}");
    JsonNode answer =
        lines(batch.path("output_file_id").asString()).getFirst().path("response").path("body");
    assertThat(answer.path("object").asString()).isEqualTo("response");
    assertThat(answer.at("/usage/output_tokens").asInt()).isEqualTo(3);
    assertThat(server.get("/v1/responses/" + answer.path("id").asString()).body())
        .isEqualTo(answer.toString());
    List<String> refused = new ArrayList<>();
    for (JsonNode refusal : lines(batch.path("error_file_id").asString())) {
      refused.add(
          refusal.path("custom_id").asString()
              + " "
              + refusal.at("/response/body/error/param").asString());
    }
    assertThat(refused)
        .containsExactlyInAnyOrder(
            "streamed stream", "behind background", "on previous_response_id");
  }

  @Test
  void aDamagedFileIsRefusedWithItsLines() throws Exception {
    String input =
        line("a", "x")
            + "not json\n"
            + line("a", "x")
            + line("b", "x").replace("completions", "nonsense")
            + line("c", "x").replace(TestServer.MODEL, "another")
            + "{\"custom_id\":\"d\"}\n";
    JsonNode batch = ended(create(fileId(input)).path("id").asString());
    assertThat(batch.path("status").asString()).isEqualTo("failed");
    List<String> codes = new ArrayList<>();
    batch
        .path("errors")
        .path("data")
        .forEach(
            fault -> codes.add(fault.path("line").asInt() + " " + fault.path("code").asString()));
    assertThat(codes)
        .containsExactly(
            "2 invalid_json_line",
            "3 duplicate_custom_id",
            "4 mismatched_endpoint",
            "5 mismatched_model",
            "6 invalid_json_line");
  }

  @Test
  void whatCantBeABatchIsRefusedAtOnce() throws Exception {
    assertThat(create("file-unknown").path("error").path("param").asString())
        .isEqualTo("input_file_id");
    JsonNode other = JSON.readTree(upload("user_data", "x").body());
    assertThat(create(other.path("id").asString()).path("error").path("message").asString())
        .contains("user_data");
    assertThat(server.get("/v1/batches/batch_unknown").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/batches?limit=0").statusCode()).isEqualTo(400);
  }

  @Test
  void anotherKeySeesNothing() throws Exception {
    String id = fileId(line("a", "x"));
    String batch = create(id).path("id").asString();
    server.keys().add("yt-other");
    for (String path : List.of("/v1/files/" + id, "/v1/batches/" + batch)) {
      HttpResponse<String> answer =
          server.send(server.request(path).setHeader("Authorization", "Bearer yt-other").build());
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
    }
    ended(batch);
  }
}
