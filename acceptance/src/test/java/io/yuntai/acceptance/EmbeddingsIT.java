package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** all-MiniLM-L6-v2 in a real server process, by the official client, beside its authors' code. */
class EmbeddingsIT {
  private static final String MODEL = RealModels.MINILM;

  private static Yuntai yuntai;
  private static OpenAIClient client;
  private static List<JsonNode> cases;

  @BeforeAll
  static void startServer() throws Exception {
    yuntai = Yuntai.withModels(MODEL);
    Yuntai.Server server = yuntai.up(MODEL);
    client =
        OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey(server.key()).build();
    try (InputStream in =
        Objects.requireNonNull(EmbeddingsIT.class.getResourceAsStream("all-minilm-l6-v2.json"))) {
      cases = new ArrayList<>(JsonMapper.shared().readTree(in).get("cases").values());
    }
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close();
    yuntai.down();
    yuntai.delete();
  }

  @Test
  void vectorsAreThoseOfSentenceTransformers() {
    CreateEmbeddingResponse answer = embed(texts());
    assertThat(answer.data()).hasSameSizeAs(cases);
    long tokens = 0;
    for (int i = 0; i < cases.size(); i++) {
      JsonNode expected = cases.get(i);
      tokens += expected.get("tokens").intValue();
      assertThat(1 - cosine(answer.data().get(i), expected.get("vector")))
          .as(expected.get("text").stringValue())
          .isLessThan(1e-5);
    }
    assertThat(answer.usage().promptTokens()).isEqualTo(tokens);
    assertThat(answer.usage().totalTokens()).isEqualTo(tokens);
  }

  @Test
  void aTextsVectorDoesNotDependOnItsCompany() {
    List<Embedding> together = embed(texts()).data();
    for (int i = 0; i < cases.size(); i += 7) {
      Embedding alone = embed(List.of(texts().get(i))).data().getFirst();
      assertThat(alone.embedding()).isEqualTo(together.get(i).embedding());
    }
  }

  @Test
  void otherDimensionsAreRefused() {
    BadRequestException refusal =
        catchThrowableOfType(
            BadRequestException.class,
            () ->
                client
                    .embeddings()
                    .create(
                        EmbeddingCreateParams.builder()
                            .model(MODEL)
                            .input("a")
                            .dimensions(100)
                            .build()));
    assertThat(refusal.param()).contains("dimensions");
  }

  @Test
  void theCommandGivesTheSameVectors() throws Exception {
    JsonNode printed =
        JsonMapper.shared().readTree(yuntai.result("embed", MODEL, texts().getFirst(), "--json"));
    assertThat(printed.get("dimensions").intValue()).isEqualTo(384);
    List<Float> served = embed(List.of(texts().getFirst())).data().getFirst().embedding();
    for (int i = 0; i < served.size(); i++) {
      assertThat(printed.at("/embeddings/0/" + i).floatValue()).isEqualTo(served.get(i));
    }
  }

  private static List<String> texts() {
    return cases.stream().map(each -> each.get("text").stringValue()).toList();
  }

  private static CreateEmbeddingResponse embed(List<String> texts) {
    return client
        .embeddings()
        .create(EmbeddingCreateParams.builder().model(MODEL).inputOfArrayOfStrings(texts).build())
        .validate();
  }

  private static double cosine(Embedding got, JsonNode expected) {
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < expected.size(); i++) {
      double x = got.embedding().get(i);
      double y = expected.get(i).doubleValue();
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    return dot / Math.sqrt(a * b);
  }
}
