package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is killed (SIGKILL) again and again in the middle of a batch: in the end each line
 * has its own answer, once. {@code -Dyuntai.batch.lines=50000} tries the longest batch.
 */
class BatchKillIT {
  private static final int LINES = Integer.getInteger("yuntai.batch.lines", 400);
  private static final int KILLS = 2;

  /** As many lines as a batch has under way. */
  private static final int AT_ONCE = 8;

  private static final Duration MOST = Duration.ofMinutes(10);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void eachLineOfABatchIsAnsweredOnceHoweverOftenTheServerIsKilled() throws Exception {
    Yuntai yuntai = Yuntai.withModels();
    try (GatedUpstream upstream = new GatedUpstream()) {
      Files.writeString(yuntai.home().resolve("yuntai.toml"), upstream.route());
      Yuntai.Server server = yuntai.up();
      String file = upload(server, input(yuntai.home()));
      String batch =
          post(
                  server,
                  "/v1/batches",
                  """
                  {"input_file_id":"%s","endpoint":"/v1/chat/completions","completion_window":"24h"}
                  """
                      .formatted(file))
              .get("id")
              .stringValue();
      for (int kill = 1; kill <= KILLS; kill++) {
        upstream.allow(LINES / (KILLS + 1));
        await().atMost(MOST).until(upstream::isAllUsed);
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().get();
        upstream.forgetWaiting();
        server = yuntai.upAgain(server);
      }
      upstream.allow(Integer.MAX_VALUE / 2);
      assertAnswered(server, batch);
      // What was being computed when the server was killed is computed again, and nothing else.
      assertThat(upstream.answered()).isBetween(LINES, LINES + KILLS * AT_ONCE);
    }
    yuntai.down();
    yuntai.delete();
  }

  private static Path input(Path folder) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      lines.append(
          """
          {"custom_id":"line-%1$d","method":"POST","url":"/v1/chat/completions","body":{"model":"gated","messages":[{"role":"user","content":"question %1$d"}]}}
          """
              .formatted(i));
    }
    return Files.writeString(folder.resolve("batch.jsonl"), lines);
  }

  private String upload(Yuntai.Server server, Path input) throws Exception {
    String form =
        "--edge\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
            + "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n"
            + "content-type: application/jsonl\r\n\r\n"
            + Files.readString(input)
            + "\r\n--edge--\r\n";
    HttpRequest request =
        asking(server, "/v1/files")
            .header("content-type", "multipart/form-data; boundary=edge")
            .POST(BodyPublishers.ofString(form))
            .build();
    return JSON.readTree(http.send(request, BodyHandlers.ofString()).body())
        .get("id")
        .stringValue();
  }

  private void assertAnswered(Yuntai.Server server, String batch) throws Exception {
    String path = "/v1/batches/" + batch;
    await()
        .atMost(MOST)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> get(server, path).contains("\"status\":\"completed\""));
    JsonNode ended = JSON.readTree(get(server, path));
    assertThat(ended.at("/request_counts/completed").intValue()).isEqualTo(LINES);
    String output =
        get(server, "/v1/files/" + ended.get("output_file_id").stringValue() + "/content");
    Set<String> names = new HashSet<>();
    for (String line : output.lines().toList()) {
      JsonNode answer = JSON.readTree(line);
      String name = answer.get("custom_id").stringValue();
      assertThat(names.add(name)).as(name + " once").isTrue();
      assertThat(answer.at("/response/body/choices/0/message/content").stringValue())
          .isEqualTo("answer to question " + name.substring("line-".length()));
    }
    assertThat(names).hasSize(LINES);
  }

  private static HttpRequest.Builder asking(Yuntai.Server server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .header("authorization", "Bearer " + server.key());
  }

  private JsonNode post(Yuntai.Server server, String path, String body) throws Exception {
    HttpRequest request =
        asking(server, path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private String get(Yuntai.Server server, String path) throws Exception {
    return http.send(asking(server, path).build(), BodyHandlers.ofString()).body();
  }
}
