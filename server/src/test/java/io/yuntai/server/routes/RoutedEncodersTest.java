package io.yuntai.server.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.EncoderTexts;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.testing.ByteTokenizer;
import io.yuntai.server.testing.CountingEncoder;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Vectors and orders of documents through routes; the upstream is another server of ours. */
class RoutedEncodersTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private final CountingEncoder encoder = new CountingEncoder(false);
  private final EncoderEngine vectors = EncoderEngine.start(encoder, EncoderOptions.DEFAULTS);
  private final EncoderEngine ranker =
      EncoderEngine.start(new CountingEncoder(true), EncoderOptions.DEFAULTS);
  private final TestServer other = new TestServer();
  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private final TestServer server = new TestServer(routes);

  @BeforeEach
  void host() {
    EncoderTexts texts = new EncoderTexts(new ByteTokenizer());
    other.host().add(new HostedEncoder("counts:4", 1, "tests", texts, vectors, "scalar"));
    other.host().add(new HostedEncoder("shares:1", 2, "tests", texts, ranker, "scalar"));
    server.host().add(new HostedEncoder("own:4", 1, "tests", texts, vectors, "scalar"));
  }

  @AfterEach
  void stop() {
    server.close();
    routes.close();
    other.close();
    vectors.close();
    ranker.close();
  }

  private void apply(String toml) throws Exception {
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(file, toml);
    routes.apply(RoutesFile.read(file, Map.of("KEY", TestServer.KEY)));
  }

  private String upstream(String kind) {
    String path =
        switch (kind) {
          case "dashscope" -> "/api/v1";
          case "ollama" -> "";
          default -> "/v1";
        };
    return """
    [upstreams.other]
    kind = "%s"
    url = "http://127.0.0.1:%d%s"
    key_env = "KEY"
    [[routes.texts.targets]]
    upstream = "other"
    model = "counts:4"
    [[routes.order.targets]]
    upstream = "other"
    model = "shares:1"
    """
        .formatted(kind, other.port(), path);
  }

  private JsonNode ok(String path, String body) throws Exception {
    HttpResponse<String> answer = server.post(path, body.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @ParameterizedTest
  @CsvSource({"openai", "openai-compatible", "dashscope", "ollama"})
  void vectorsOfEachKindOfUpstreamComeInEachApi(String kind) throws Exception {
    apply(upstream(kind));
    String own =
        JSON.readTree(
                other
                    .post("/v1/embeddings", "{\"model\":\"counts:4\",\"input\":[\"ab\",\"c\"]}")
                    .body())
            .get("data")
            .toString();

    JsonNode openAi = ok("/v1/embeddings", "{'model':'texts','input':['ab','c']}");
    assertThat(openAi.get("data").toString()).isEqualTo(own);
    assertThat(openAi.get("model").stringValue()).isEqualTo("texts");
    assertThat(openAi.at("/usage/prompt_tokens").intValue()).isEqualTo(5);

    JsonNode dashScope =
        ok(
            "/api/v1/services/embeddings/text-embedding/text-embedding",
            "{'model':'texts','input':{'texts':['ab','c']}}");
    assertThat(dashScope.at("/output/embeddings/1/embedding").toString())
        .isEqualTo(openAi.at("/data/1/embedding").toString());
    assertThat(dashScope.at("/usage/total_tokens").intValue()).isEqualTo(5);

    JsonNode ollama = ok("/api/embed", "{'model':'texts','input':['ab','c']}");
    assertThat(ollama.at("/embeddings/0").toString())
        .isEqualTo(openAi.at("/data/0/embedding").toString());

    JsonNode bytes =
        ok("/v1/embeddings", "{'model':'texts','input':'ab','encoding_format':'base64'}");
    assertThat(bytes.at("/data/0/embedding").isString()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"openai-compatible", "dashscope"})
  void ordersOfDocumentsComeInEachApi(String kind) throws Exception {
    apply(upstream(kind));
    String documents = "'documents':['abcdefg','a','abc']";
    JsonNode own =
        JSON.readTree(
            other
                .post(
                    "/v1/rerank",
                    ("{'model':'shares:1','query':'q'," + documents + ",'return_documents':true}")
                        .replace('\'', '"'))
                .body());

    JsonNode order =
        ok("/v1/rerank", "{'model':'order','query':'q'," + documents + ",'return_documents':true}");
    assertThat(order.get("results").toString()).isEqualTo(own.get("results").toString());
    assertThat(order.get("usage").toString()).isEqualTo(own.get("usage").toString());
    assertThat(order.get("model").stringValue()).isEqualTo("order");

    JsonNode best =
        ok(
            "/api/v1/services/rerank/text-rerank/text-rerank",
            "{'model':'order','input':{'query':'q'," + documents + "},'parameters':{'top_n':1}}");
    assertThat(best.at("/output/results").size()).isEqualTo(1);
    assertThat(best.at("/output/results/0/index").intValue())
        .isEqualTo(order.at("/results/0/index").intValue());
    JsonNode reranked =
        ok("/compatible-api/v1/reranks", "{'model':'order','query':'q'," + documents + "}");
    assertThat(reranked.at("/results/0/index").intValue())
        .isEqualTo(order.at("/results/0/index").intValue());
  }

  @Test
  void anotherTargetIsAskedWhenOneFails() throws Exception {
    try (MockUpstream broken =
        new MockUpstream(MockUpstream.failing(500, "x", "no vectors today"))) {
      apply(
          """
          [upstreams.broken]
          kind = "openai-compatible"
          url = "%s"
          [[routes.texts.targets]]
          upstream = "broken"
          model = "m"
          [[routes.texts.targets]]
          model = "own:4"
          priority = 1
          """
              .formatted(broken.url()));
      JsonNode answer = ok("/v1/embeddings", "{'model':'texts','input':'ab'}");
      assertThat(answer.at("/data/0/embedding").toString()).isEqualTo("[3.0,257.0,98.0,0.1]");
      assertThat(broken.requests()).hasSize(1);
      assertThat(server.get("/metrics").body())
          .contains(
              "yuntai_target_requests_total{outcome=\"failed\",target=\"broken/m\"} 1.0",
              "yuntai_target_requests_total{outcome=\"ok\",target=\"local/own:4\"} 1.0");
    }
  }

  @Test
  void aRefusalIsTheClientsAndNotTriedElsewhere() throws Exception {
    try (MockUpstream strict =
        new MockUpstream(MockUpstream.failing(400, "too_long", "input 0 is too long"))) {
      apply(
          """
          [upstreams.strict]
          kind = "openai-compatible"
          url = "%s"
          [[routes.texts.targets]]
          upstream = "strict"
          model = "m"
          [[routes.texts.targets]]
          model = "own:4"
          priority = 1
          """
              .formatted(strict.url()));
      HttpResponse<String> answer =
          server.post("/v1/embeddings", "{\"model\":\"texts\",\"input\":\"ab\"}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("The upstream `strict` says: input 0 is too long");
    }
  }

  @Test
  void anAnswerThatIsNotWhatWasAskedForIsSaidToBe() throws Exception {
    try (MockUpstream odd =
        new MockUpstream((request, answering) ->
            answering.json(200, "{\"data\":[{\"index\":0,\"embedding\":[1,2]}]}"))) {
      apply(
          """
          [upstreams.odd]
          kind = "openai-compatible"
          url = "%s"
          [[routes.texts.targets]]
          upstream = "odd"
          model = "m"
          """
              .formatted(odd.url()));
      HttpResponse<String> answer =
          server.post("/v1/embeddings", "{\"model\":\"texts\",\"input\":[\"a\",\"b\"]}");
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("bad_upstream_answer", "no vector of the text 1");
    }
  }

  @Test
  void azureIsAskedByItsDeploymentsPathAndKey() throws Exception {
    try (MockUpstream azure =
        new MockUpstream((request, answering) -> {
          if (request.path().contains("/embeddings")) {
            answering.json(
                200,
                "{\"data\":[{\"index\":0,\"embedding\":\"AACAPwAAAEA=\"}],\"usage\":{\"prompt_tokens\":3}}");
          } else {
            MockUpstream.hello("azure").answer(request, answering);
          }
        })) {
      apply(
          """
          [upstreams.azure]
          kind = "azure"
          url = "%s"
          api_version = "2024-10-21"
          key_env = "KEY"
          [[routes.texts.targets]]
          upstream = "azure"
          model = "my embeddings/1"
          """
              .formatted(azure.url().replace("/v1", "")));
      JsonNode answer = ok("/v1/embeddings", "{'model':'texts','input':'ab'}");
      assertThat(answer.at("/data/0/embedding").toString()).isEqualTo("[1.0,2.0]");
      JsonNode chat =
          ok(
              "/v1/chat/completions",
              "{'model':'texts','messages':[{'role':'user','content':'x'}]}");
      assertThat(chat.at("/choices/0/message/content").stringValue()).isEqualTo("hello azure");
      assertThat(azure.requests())
          .extracting(MockUpstream.Request::path)
          .containsExactly(
              "/openai/deployments/my%20embeddings%2F1/embeddings?api-version=2024-10-21",
              "/openai/deployments/my%20embeddings%2F1/chat/completions?api-version=2024-10-21");
      assertThat(azure.requests())
          .allMatch(request -> TestServer.KEY.equals(request.headers().get("api-key")))
          .noneMatch(request -> request.headers().containsKey("authorization"));
    }
  }
}
