package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.EncoderTexts;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.testing.ByteTokenizer;
import io.yuntai.server.testing.CountingEncoder;
import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbeddingsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String RERANK = "/v1/rerank";

  private final CountingEncoder encoder = new CountingEncoder(false);
  private final EncoderEngine engine =
      EncoderEngine.start(encoder, new EncoderOptions(4, 3, 100_000));
  private final EncoderEngine ranker =
      EncoderEngine.start(new CountingEncoder(true), EncoderOptions.DEFAULTS);
  private final TestServer server = new TestServer();

  @BeforeEach
  void host() {
    EncoderTexts texts = new EncoderTexts(new ByteTokenizer());
    server
        .host()
        .add(new HostedEncoder("counts:4", 1_700_000_001, "tests", texts, engine, "scalar"));
    server
        .host()
        .add(new HostedEncoder("shares:1", 1_700_000_002, "tests", texts, ranker, "scalar"));
  }

  @AfterEach
  void stop() {
    encoder.steps.release(1 << 10);
    server.close();
    engine.close();
    ranker.close();
  }

  @Test
  void answersInTheShapeOfEmbeddings() throws Exception {
    JsonNode body = ok(EMBEDDINGS, "{'model':'counts:4','input':'ab','user':'u'}");

    assertThat(body.get("object").stringValue()).isEqualTo("list");
    assertThat(body.get("model").stringValue()).isEqualTo("counts:4");
    assertThat(body.get("data").size()).isEqualTo(1);
    assertThat(body.at("/data/0/object").stringValue()).isEqualTo("embedding");
    assertThat(body.at("/data/0/index").intValue()).isZero();
    // The beginning of the sequence and two bytes.
    assertThat(body.at("/data/0/embedding").toString()).isEqualTo("[3.0,257.0,98.0,0.1]");
    assertThat(body.at("/usage").toString()).isEqualTo("{\"prompt_tokens\":3,\"total_tokens\":3}");
  }

  @Test
  void queriesAreTextsAndInstructionsAreForModelsThatTakeThem() throws Exception {
    String request = "{'model':'counts:4','input':'ab','input_type':'query'%s}";
    assertThat(ok(EMBEDDINGS, request.formatted("")).at("/data/0/embedding/0")).hasToString("3.0");
    refused(EMBEDDINGS, request.formatted(",'instruct':'x'"), "instruct", "no instructions");
    refused(
        EMBEDDINGS, "{'model':'counts:4','input':'a','input_type':'row'}", "input_type", "query");
    refused(
        EMBEDDINGS,
        "{'model':'counts:4','input':'a','input_type':'document','instruct':'x'}",
        "input_type",
        "for queries");
    refused(
        RERANK,
        "{'model':'shares:1','query':'a','documents':['b'],'instruct':'x'}",
        "instruct",
        "no instructions");
  }

  @Test
  void metricsTellWhatIsDone() throws Exception {
    ok(EMBEDDINGS, "{'model':'counts:4','input':['ab','c']}");

    assertThat(server.get("/metrics").body())
        .contains(
            "yuntai_model_info{kernel=\"scalar\",model=\"counts:4\"} 1\n",
            "yuntai_model_serving{model=\"counts:4\"} 1.0\n",
            "yuntai_encoder_requests{model=\"counts:4\"} 0.0\n",
            "yuntai_encoder_texts_total{model=\"counts:4\"} 2.0\n",
            "yuntai_encoder_tokens_total{model=\"counts:4\"} 5.0\n");
  }

  @Test
  void takesListsAndTokenIds() throws Exception {
    assertThat(firsts("['a','bcd']")).isEqualTo("2.0 4.0 ");
    assertThat(firsts("[[7,8,9],[10]]")).isEqualTo("3.0 1.0 ");
    assertThat(firsts("[7,8]")).isEqualTo("2.0 ");
    assertThat(ok(EMBEDDINGS, "{'model':'counts:4','input':['a','bcd']}").at("/usage/total_tokens"))
        .hasToString("6");
  }

  private String firsts(String input) throws Exception {
    StringBuilder firsts = new StringBuilder();
    for (JsonNode each :
        ok(EMBEDDINGS, "{'model':'counts:4','input':" + input + "}").get("data").values()) {
      firsts.append(each.at("/embedding/0")).append(' ');
    }
    return firsts.toString();
  }

  @Test
  void sendsBytesWhereAskedFor() throws Exception {
    JsonNode body = ok(EMBEDDINGS, "{'model':'counts:4','input':'ab','encoding_format':'base64'}");

    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(body.at("/data/0/embedding").stringValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(16);
    assertThat(bytes.getFloat()).isEqualTo(3);
    assertThat(bytes.getFloat()).isEqualTo(257);
    assertThat(bytes.getFloat()).isEqualTo(98);
    assertThat(bytes.getFloat()).isEqualTo(0.1f);
  }

  @Test
  void shortensVectorsAsFarAsTheModelAllows() throws Exception {
    JsonNode body = ok(EMBEDDINGS, "{'model':'counts:4','input':'ab','dimensions':2}");
    assertThat(body.at("/data/0/embedding").toString()).isEqualTo("[3.0,257.0]");
    refused(EMBEDDINGS, "{'model':'counts:4','input':'ab','dimensions':1}", "dimensions", "2 to 4");
    refused(EMBEDDINGS, "{'model':'counts:4','input':'ab','dimensions':5}", "dimensions", "2 to 4");
  }

  @Test
  void aTextThatIsTooLongIsRefusedUnlessItsEndMayGo() throws Exception {
    String input = "{'model':'counts:4','input':['x','" + "y".repeat(100) + "']%s}";
    JsonNode error = refused(EMBEDDINGS, input.formatted(""), "input[1]", "101 tokens");
    assertThat(error.get("code").stringValue()).isEqualTo("context_length_exceeded");
    assertThat(
            ok(EMBEDDINGS, input.formatted(",'truncate_prompt_tokens':-1"))
                .at("/data/1/embedding/0"))
        .hasToString("64.0");
    assertThat(
            ok(EMBEDDINGS, input.formatted(",'truncate_prompt_tokens':10"))
                .at("/data/1/embedding/0"))
        .hasToString("10.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'model':'counts:4'} | input | Missing",
        "{'model':'counts:4','input':''} | input | empty string",
        "{'model':'counts:4','input':['a','']} | input[1] | empty string",
        "{'model':'counts:4','input':[]} | input | empty array",
        "{'model':'counts:4','input':[[]]} | input[0] | empty array",
        "{'model':'counts:4','input':['a',1]} | input[1] | expected a string",
        "{'model':'counts:4','input':[-1]} | input[0] | below minimum",
        "{'model':'counts:4','input':[300]} | input | 0 to 257",
        "{'model':'counts:4','input':7} | input | a string or an array",
        "{'model':'counts:4','input':'a','encoding_format':'int8'} | encoding_format | int8",
        "{'model':'counts:4','input':'a','dimensions':0} | dimensions | below minimum",
        "{'model':'counts:4','input':'a','truncate_prompt_tokens':2} | truncate_prompt_tokens | below",
        "{'model':'counts:4','input':'a','colour':'red'} | colour | Unrecognized",
        "{'input':'a'} | model | Missing"
      })
  void whatIsWrongIsRefusedByName(String body, String param, String why) throws Exception {
    refused(EMBEDDINGS, body, param, why);
  }

  @Test
  void moreTextsThanOneRequestMayHaveAreRefused() throws Exception {
    String many = "'a',".repeat(2048) + "'a'";
    refused(EMBEDDINGS, "{'model':'counts:4','input':[" + many + "]}", "input", "2048");
  }

  @Test
  void ordersDocumentsByRelevance() throws Exception {
    JsonNode body =
        ok(RERANK, "{'model':'shares:1','query':'ab','documents':['x','ab','a',{'text':'y'}]}");

    assertThat(body.get("id").stringValue()).startsWith("rerank-");
    assertThat(body.at("/results").findValuesAsString("index")).containsExactly("1", "2", "0", "3");
    // The logistic function of the logit.
    assertThat(body.at("/results/0/relevance_score").doubleValue())
        .isEqualTo(1 / (1 + StrictMath.exp(-2)));
    assertThat(body.at("/results/2/relevance_score").doubleValue()).isEqualTo(0.5);
    assertThat(body.at("/results/0").has("document")).isFalse();
    // Four times the query with its beginning, and the documents.
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(4 * 3 + 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank", "/v1/reranks"})
  void givesTheBestFewWithTheirTexts(String path) throws Exception {
    JsonNode body =
        ok(
            path,
            "{'model':'shares:1','query':'ab','documents':['x','ab','a'],'top_n':2,'return_documents':true}");

    assertThat(body.get("results").size()).isEqualTo(2);
    assertThat(body.at("/results/0/document/text").stringValue()).isEqualTo("ab");
    assertThat(body.at("/results/1/document/text").stringValue()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'model':'shares:1','documents':['a']} | query | Missing",
        "{'model':'shares:1','query':'','documents':['a']} | query | empty string",
        "{'model':'shares:1','query':'q'} | documents | Missing",
        "{'model':'shares:1','query':'q','documents':[]} | documents | empty array",
        "{'model':'shares:1','query':'q','documents':['a',{}]} | documents[1].text | Missing",
        "{'model':'shares:1','query':'q','documents':['a'],'top_n':0} | top_n | below minimum",
        "{'model':'shares:1','query':'q','documents':['a'],'rank_fields':['x']} | rank_fields | Unrecognized"
      })
  void whatIsWrongWithAnOrderIsRefusedByName(String body, String param, String why)
      throws Exception {
    refused(RERANK, body, param, why);
  }

  @Test
  void aModelOfAnotherKindIsRefusedWithWhatItIsFor() throws Exception {
    refused(EMBEDDINGS, "{'model':'letters:1b','input':'a'}", "model", "/v1/chat/completions");
    refused(EMBEDDINGS, "{'model':'shares:1','input':'a'}", "model", "/v1/rerank");
    refused(RERANK, "{'model':'counts:4','query':'q','documents':['a']}", "model", "embedding");
    refused(RERANK, "{'model':'letters:1b','query':'q','documents':['a']}", "model", "chat model");
    String messages = "'messages':[{'role':'user','content':'hi'}]";
    refused("/v1/chat/completions", "{'model':'counts:4'," + messages + "}", "model", "embedding");
    refused("/v1/completions", "{'model':'shares:1','prompt':'a'}", "model", "rerank model");
    HttpResponse<String> unknown = server.post(EMBEDDINGS, json("{'model':'count:4','input':'a'}"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("Did you mean `counts:4`");
  }

  @Test
  void allModelsAreListed() throws Exception {
    JsonNode list = JSON.readTree(server.get("/v1/models").body()).get("data");
    assertThat(list.findValuesAsString("id")).containsExactly("counts:4", "letters:1b", "shares:1");
    assertThat(server.get("/v1/models/counts:4").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutAKeyThereIsNothing() throws Exception {
    server.keys().clear();
    assertThat(server.post(EMBEDDINGS, json("{'model':'counts:4','input':'a'}")).statusCode())
        .isEqualTo(401);
    assertThat(server.post(RERANK, "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void aFullQueueIsSaidWithWhenToComeAgain() throws Exception {
    encoder.steps.drainPermits();
    for (int i = 0; i < 3; i++) {
      new RawClient(server.port())
          .send(RawClient.post(EMBEDDINGS, json("{'model':'counts:4','input':'a'}")));
    }
    Awaitility.await().until(() -> engine.statistics().requests() == 3);

    HttpResponse<String> full = server.post(EMBEDDINGS, json("{'model':'counts:4','input':'a'}"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).isPresent();
    assertThat(full.body()).contains("3 of your requests");
  }

  @Test
  void aClientThatLeavesStopsItsRequest() throws Exception {
    encoder.steps.drainPermits();
    RawClient client = new RawClient(server.port());
    String input = "['" + "x','".repeat(1000) + "x']";
    client.send(RawClient.post(EMBEDDINGS, json("{'model':'counts:4','input':" + input + "}")));
    Awaitility.await().until(() -> engine.statistics().requests() == 1);
    client.reset();

    Awaitility.await()
        .pollInterval(TestServer.OPTIONS.disconnectPoll().multipliedBy(3))
        .until(() -> {
          encoder.steps.release();
          return engine.statistics().requests() == 0;
        });
    assertThat(engine.statistics().sequences()).isLessThan(1001);
  }

  private JsonNode ok(String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, json(body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private JsonNode refused(String path, String body, String param, String why) throws Exception {
    HttpResponse<String> response = server.post(path, json(body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("param").stringValue()).isEqualTo(param);
    assertThat(error.get("message").stringValue()).contains(why);
    return error;
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
