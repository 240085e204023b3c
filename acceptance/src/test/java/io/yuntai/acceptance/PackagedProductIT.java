package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that the README promises, by the yuntai script. */
class PackagedProductIT {
  /** How far logits may be from the reference's, as a part of their range. */
  private static final double LOGITS_BOUND = 2e-4;

  private static final String FACTS = "(?s).*\\d+ tokens in · \\d+ out · first after .*";

  @Test
  void startsAnswersTellsItsStatusAndStops() throws Exception {
    Yuntai yuntai = Yuntai.withModels(RealModels.SMOLLM2);
    Yuntai.Server server = yuntai.up(RealModels.SMOLLM2);
    String answer;
    try {
      JsonNode status = json(yuntai.result("status", "--json"));
      assertThat(status.propertyNames())
          .containsExactly("url", "pid", "models", "kernel", "database", "uptime_seconds");
      assertThat(status.get("url").stringValue()).isEqualTo(server.url());
      assertThat(status.get("pid").longValue()).isEqualTo(server.pid());
      assertThat(status.get("models").get(0).stringValue()).isEqualTo(RealModels.SMOLLM2);
      assertThat(status.get("kernel").stringValue()).isNotBlank();
      assertThat(status.get("uptime_seconds").isIntegralNumber()).isTrue();
      answer = answer(yuntai);
      assertKeysOpenAndClose(yuntai, server);
    } finally {
      yuntai.down();
    }
    assertThat(ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(yuntai.run("status", "--json").exitCode()).isEqualTo(3);
    assertThat(answer(yuntai)).as("the same seed without a server").isEqualTo(answer);
    yuntai.delete();
  }

  /** One answer, piped. */
  private static String answer(Yuntai yuntai) throws IOException, InterruptedException {
    Yuntai.Outcome answer =
        yuntai.run(
            "run", RealModels.SMOLLM2, "Hello", "--stats", "--seed", "1", "--max-tokens", "24");
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(answer.out()).isNotBlank().doesNotContain("\u001b");
    assertThat(answer.err()).matches(FACTS);
    return answer.out();
  }

  private static void assertKeysOpenAndClose(Yuntai yuntai, Yuntai.Server server)
      throws IOException, InterruptedException {
    assertThat(statusWith(server, server.key())).isEqualTo(200);
    assertThat(statusWith(server, "sk-wrong")).isEqualTo(401);
    JsonNode key = json(yuntai.result("keys", "create", "second", "--json"));
    assertThat(statusWith(server, key.get("key").stringValue())).isEqualTo(200);
    yuntai.result("keys", "revoke", key.get("id").stringValue());
    assertThat(statusWith(server, key.get("key").stringValue())).isEqualTo(401);
  }

  private static int statusWith(Yuntai.Server server, String key)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.url() + "/v1/models"))
              .header("Authorization", "Bearer " + key)
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void printsATinyModelsLogitsAndGreedyIds() throws Exception {
    Yuntai yuntai = Yuntai.withModels();
    Path model = copy("qwen2.gguf", yuntai.home());
    JsonNode expected = json(Files.readString(copy("qwen2.json", yuntai.home())));
    Path tokens = yuntai.home().resolve("tokens.json");
    Files.writeString(tokens, expected.get("tokens").toString());
    JsonNode printed =
        json(
            yuntai.result(
                "model",
                "logits",
                model.toString(),
                "--tokens",
                tokens.toString(),
                "--rows",
                "0,1,20,39",
                "--greedy",
                "16",
                "--json"));
    float[] logits = floats(expected.get("logits").stringValue());
    int vocabulary = printed.get("vocab").intValue();
    assertThat(logits).hasSize(4 * vocabulary);
    for (int row = 0; row < 4; row++) {
      JsonNode each = printed.get("rows").get(row);
      assertThat(each.get("position")).isEqualTo(expected.get("rows").get(row));
      assertNear(each.get("logits"), logits, row * vocabulary, vocabulary);
    }
    assertThat(RealVectors.ints(printed.get("greedy")))
        .isEqualTo(RealVectors.ints(expected.get("greedy")));
    yuntai.delete();
  }

  private static void assertNear(JsonNode printed, float[] expected, int from, int count) {
    assertThat(printed.size()).isEqualTo(count);
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    double farthest = 0;
    for (int i = 0; i < count; i++) {
      float value = expected[from + i];
      min = Math.min(min, value);
      max = Math.max(max, value);
      farthest = Math.max(farthest, Math.abs(printed.get(i).doubleValue() - value));
    }
    assertThat(farthest).isLessThan(LOGITS_BOUND * (max - min));
  }

  private static Path copy(String resource, Path folder) throws IOException {
    Path target = folder.resolve(resource);
    try (InputStream in =
        Objects.requireNonNull(PackagedProductIT.class.getResourceAsStream(resource), resource)) {
      Files.copy(in, target);
    }
    return target;
  }

  private static float[] floats(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
