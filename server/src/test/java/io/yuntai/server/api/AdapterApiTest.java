package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.server.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adapters of a served model, over HTTP. */
class AdapterApiTest {
  private static final String BASE = TestServer.MODEL;

  @TempDir Path folder;

  @Test
  void anAdapterAnswersByItsOwnNameBesideItsModel() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> loaded = load(server, BASE + ":even", adapter("two", 2));
      assertThat(loaded.statusCode()).isEqualTo(200);
      assertThat(loaded.body())
          .isEqualTo("Success: LoRA adapter '%s:even' added successfully.", BASE);
      assertThat(load(server, "third", adapter("three", 3)).statusCode()).isEqualTo(200);

      assertThat(completion(server, BASE)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
      assertThat(completion(server, BASE + ":even")).isEqualTo("acegikmoqsuwyz");
      assertThat(completion(server, BASE + ":third")).isEqualTo("adgjmpsvyz");

      JsonNode models = JsonMapper.shared().readTree(server.get("/v1/models").body()).get("data");
      assertThat(models).hasSize(3);
      assertThat(models.get(0).get("id").stringValue()).isEqualTo(BASE);
      assertThat(models.get(0).has("parent")).isFalse();
      assertThat(models.get(1).get("id").stringValue()).isEqualTo(BASE + ":even");
      assertThat(models.get(1).get("parent").stringValue()).isEqualTo(BASE);
      assertThat(server.get("/v1/models/" + BASE + ":third").body()).contains("\"parent\"");

      assertThat(server.get("/metrics").body())
          .contains(
              "yuntai_adapters_memory_bytes{model=\"%s\"} 5000.0\n".formatted(BASE),
              "yuntai_adapter_bytes{adapter=\"even\",model=\"%s\"} 2000.0\n".formatted(BASE),
              "yuntai_adapter_generations{adapter=\"third\",model=\"%s\"} 0.0\n".formatted(BASE))
          .doesNotContain("model=\"" + BASE + ":even\"");
    }
  }

  @Test
  void answersHaveTheFingerprintOfTheAdapter() throws Exception {
    try (TestServer server = new TestServer()) {
      load(server, "a", adapter("two", 2));
      load(server, "b", adapter("three", 3));
      load(server, "c", adapter("copy", 2));

      assertThat(fingerprint(server, BASE)).isEqualTo("fp_letters");
      assertThat(fingerprint(server, BASE + ":a"))
          .startsWith("fp_")
          .isEqualTo(fingerprint(server, BASE + ":c"))
          .isNotEqualTo(fingerprint(server, BASE + ":b"))
          .isNotEqualTo("fp_letters");
    }
  }

  @Test
  void chatsAndAnthropicsMessagesTakeTheNameToo() throws Exception {
    try (TestServer server = new TestServer()) {
      load(server, "even", adapter("two", 2));

      String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0";
      assertThat(
              server
                  .post(
                      "/v1/chat/completions",
                      "{\"model\":\"%s:even\",%s}".formatted(BASE, messages))
                  .body())
          .contains("acegikmoqsuwyz");
      assertThat(
              server
                  .post(
                      "/v1/messages",
                      "{\"model\":\"%s:even\",\"max_tokens\":40,%s}".formatted(BASE, messages))
                  .body())
          .contains("acegikmoqsuwyz");
    }
  }

  @Test
  void unloadingLetsRunningAnswersEndAndTakesTheNameAway() throws Exception {
    try (TestServer server = new TestServer()) {
      load(server, "even", adapter("two", 2));
      server.decoder().hold();
      var answer =
          java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
              return completion(server, BASE + ":even");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      while (server.decoder().steps() == 0) {
        Thread.onSpinWait();
      }

      HttpResponse<String> unloaded =
          post(server, "/v1/unload_lora_adapter", "{\"lora_name\":\"even\"}");
      assertThat(unloaded.statusCode()).isEqualTo(200);
      assertThat(unloaded.body())
          .isEqualTo("Success: LoRA adapter '%s:even' removed successfully.", BASE);
      assertThat(server.engine().adapters().bytes()).isEqualTo(2000);
      server.decoder().release();

      assertThat(answer.get()).isEqualTo("acegikmoqsuwyz");
      assertThat(server.engine().adapters().bytes()).isZero();
      HttpResponse<String> gone =
          server.post(
              "/v1/completions", "{\"model\":\"%s:even\",\"prompt\":\"1\"}".formatted(BASE));
      assertThat(gone.statusCode()).isEqualTo(404);
      assertThat(gone.body()).contains("model_not_found");
    }
  }

  @Test
  void refusalsSayWhatIsWrong() throws Exception {
    try (TestServer server = new TestServer()) {
      String file = adapter("two", 2);
      assertThat(load(server, "even", file).statusCode()).isEqualTo(200);
      refused(load(server, "even", file), 400, "loaded already; unload it first");
      refused(load(server, "a/b", file), 400, "not 'a/b'");
      refused(load(server, "other:a", file), 404, "The model `other`");
      refused(load(server, BASE + ":even:a", file), 404, "The model `" + BASE + ":even`");
      refused(load(server, "a", "two.gguf"), 400, "no absolute path");
      refused(load(server, "a", file + ".not"), 400, "There is no adapter at");
      String text = Files.writeString(folder.resolve("text.gguf"), "text").toString();
      refused(load(server, "a", text), 400, "text.gguf:");
      refused(
          post(server, "/v1/unload_lora_adapter", "{\"lora_name\":\"nothing\"}"),
          404,
          "nothing is not loaded");
      refused(post(server, "/v1/load_lora_adapter", "{\"lora_name\":\"a\"}"), 400, "lora_path");
      assertThat(server.host().all()).hasSize(2);
    }
  }

  @Test
  void oneMayTakeThePlaceOfAnother() throws Exception {
    try (TestServer server = new TestServer()) {
      load(server, "even", adapter("two", 2));
      HttpResponse<String> replaced =
          post(
              server,
              "/v1/load_lora_adapter",
              "{\"lora_name\":\"even\",\"lora_path\":\"%s\",\"load_inplace\":true}"
                  .formatted(adapter("three", 3)));
      assertThat(replaced.statusCode()).isEqualTo(200);
      assertThat(completion(server, BASE + ":even")).isEqualTo("adgjmpsvyz");
    }
  }

  @Test
  void onlyTheOperatorLoadsAdapters() throws Exception {
    try (TestServer server = new TestServer()) {
      String body = "{\"lora_name\":\"a\",\"lora_path\":\"%s\"}".formatted(adapter("two", 2));
      refused(server.post("/v1/load_lora_adapter", body), 403, "yuntai adapters load");
      refused(server.post("/v1/unload_lora_adapter", "{\"lora_name\":\"a\"}"), 403, "operates");
      assertThat(server.host().all()).hasSize(1);
    }
  }

  private static void refused(HttpResponse<String> response, int status, String message) {
    assertThat(response.body()).contains(message);
    assertThat(response.statusCode()).isEqualTo(status);
  }

  private static HttpResponse<String> load(TestServer server, String name, String path)
      throws Exception {
    return post(
        server,
        "/v1/load_lora_adapter",
        "{\"lora_name\":\"%s\",\"lora_path\":\"%s\"}".formatted(name, path));
  }

  private static HttpResponse<String> post(TestServer server, String path, String body)
      throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Bearer " + TestServer.OPERATOR_KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String completion(TestServer server, String model) throws Exception {
    return complete(server, model).get("choices").get(0).get("text").stringValue();
  }

  private static String fingerprint(TestServer server, String model) throws Exception {
    return complete(server, model).get("system_fingerprint").stringValue();
  }

  private static JsonNode complete(TestServer server, String model) throws Exception {
    return JsonMapper.shared()
        .readTree(
            server
                .post(
                    "/v1/completions",
                    "{\"model\":\"%s\",\"prompt\":\"1 2\",\"temperature\":0,\"max_tokens\":50}"
                        .formatted(model))
                .body());
  }

  /** A file with a rank, which is what the decoder of these tests looks at. */
  private String adapter(String name, int rank) throws IOException {
    GgufWriter writer = new GgufWriter();
    writer.put("general.type", MetadataValue.text("adapter"));
    writer.put("general.architecture", MetadataValue.text("letters"));
    writer.put("adapter.type", MetadataValue.text("lora"));
    writer.tensor("blk.0.attn_q.weight.lora_a", List.of(4L, (long) rank), new float[4 * rank]);
    writer.tensor("blk.0.attn_q.weight.lora_b", List.of((long) rank, 4L), new float[4 * rank]);
    Path path = folder.resolve(name + ".gguf");
    writer.write(path);
    return path.toString();
  }
}
