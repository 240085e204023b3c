package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
  private static final String PATH = "/v1/chat/completions";

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
  void answersInTheShapeOfChat() throws Exception {
    JsonNode body = ok(request("'temperature':0,'max_completion_tokens':50"));

    assertThat(body.get("object").stringValue()).isEqualTo("chat.completion");
    assertThat(body.get("id").stringValue()).startsWith("chatcmpl-");
    assertThat(body.get("model").stringValue()).isEqualTo("letters:1b");
    assertThat(body.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
    assertThat(body.at("/choices/0/message/content").stringValue()).isEqualTo(ALPHABET);
    assertThat(body.at("/choices/0/message/refusal").isNull()).isTrue();
    assertThat(body.at("/choices/0/logprobs").isNull()).isTrue();
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    // [hi] and the beginning of the text; the alphabet and the end.
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(5);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(27);
  }

  @Test
  void countsThePromptOnceForSeveralChoices() throws Exception {
    JsonNode body = ok(request("'temperature':0,'n':3"));

    assertThat(body.get("choices").size()).isEqualTo(3);
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(5);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(3 * 27);
  }

  @Test
  void goesOnToTheContextsEndUnlessBounded() throws Exception {
    JsonNode body =
        ok(
            "{'model':'letters:1b','temperature':0,'logit_bias':{'65':100},"
                + "'messages':[{'role':'user','content':'hi'}]}");

    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(4096);
  }

  @Test
  void streamsRoleThenTextThenReasonThenDone() throws Exception {
    HttpResponse<String> response =
        server.post(PATH, json(request("'temperature':0,'max_tokens':3,'stream':true")));

    List<JsonNode> chunks = chunks(response);
    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(chunks.getFirst().at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
    assertThat(chunks.getFirst().at("/choices/0/delta/content").stringValue()).isEmpty();
    assertThat(chunks.subList(1, chunks.size() - 1))
        .extracting(c -> c.at("/choices/0/delta/content").stringValue())
        .containsExactly("a", "b", "c");
    assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    assertThat(chunks.getLast().at("/choices/0/delta").isEmpty()).isTrue();
    assertThat(chunks).allMatch(c -> !c.has("usage"));
    assertThat(chunks).extracting(c -> c.get("id")).containsOnly(chunks.getFirst().get("id"));
  }

  @Test
  void theLastChunkCarriesTheUsageWhereAskedFor() throws Exception {
    List<JsonNode> chunks =
        chunks(
            server.post(
                PATH,
                json(
                    request(
                        "'temperature':0,'n':2,'stream':true,'stream_options':{'include_usage':true}"))));

    JsonNode last = chunks.getLast();
    assertThat(last.get("choices").isEmpty()).isTrue();
    assertThat(last.at("/usage/prompt_tokens").intValue()).isEqualTo(5);
    assertThat(last.at("/usage/completion_tokens").intValue()).isEqualTo(2 * 27);
    assertThat(chunks.subList(0, chunks.size() - 1)).allMatch(c -> c.get("usage").isNull());
  }

  @Test
  void logprobsComeWithBytesAndAlternatives() throws Exception {
    JsonNode body = ok(request("'temperature':0,'max_tokens':2,'logprobs':true,'top_logprobs':2"));

    JsonNode first = body.at("/choices/0/logprobs/content/0");
    assertThat(first.get("token").stringValue()).isEqualTo("a");
    assertThat(first.get("bytes").get(0).intValue()).isEqualTo('a');
    assertThat(first.get("top_logprobs").size()).isEqualTo(2);
    assertThat(first.get("top_logprobs").get(0).get("logprob")).isEqualTo(first.get("logprob"));
    assertThat(body.at("/choices/0/logprobs/content").size()).isEqualTo(2);
  }

  @Test
  void stopTextIsHeldBackInStreamsToo() throws Exception {
    List<JsonNode> chunks =
        chunks(server.post(PATH, json(request("'temperature':0,'stream':true,'stop':'efgh'"))));

    StringBuilder text = new StringBuilder();
    chunks.forEach(c -> text.append(c.at("/choices/0/delta").path("content").stringValue("")));
    assertThat(text.toString()).isEqualTo("abcd");
    assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
  }

  @Test
  void aTemplateThatRefusesIsTheRequestsFault() throws Exception {
    HttpResponse<String> response =
        server.post(
            PATH, json("{'model':'letters:1b','messages':[{'role':'user','content':'refuse'}]}"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("this conversation is refused", "\"messages\"");
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithItsCounts() throws Exception {
    HttpResponse<String> response =
        server.post(
            PATH,
            json("{'model':'letters:1b','messages':[{'role':'user','content':'%s'}]}")
                .formatted("x".repeat(5000)));

    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("code").stringValue()).isEqualTo("context_length_exceeded");
    assertThat(error.get("message").stringValue()).contains("4096", "5003");
  }

  @Test
  void developerAndToolTurnsReachTheTemplate() throws Exception {
    JsonNode body =
        ok(
            "{'model':'letters:1b','max_tokens':1,'messages':["
                + "{'role':'developer','content':'a'},"
                + "{'role':'user','content':[{'type':'text','text':'b'},{'type':'text','text':'c'}]},"
                + "{'role':'assistant','content':'d','refusal':null,'tool_calls':[]},"
                + "{'role':'tool','tool_call_id':'x','content':'e'}]}");

    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo("B[a][b\nc][d][e]".length());
  }

  private static String request(String more) {
    return "{'model':'letters:1b','messages':[{'role':'user','content':'hi'}]," + more + "}";
  }

  private JsonNode ok(String json) throws Exception {
    HttpResponse<String> response = server.post(PATH, json(json));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static List<JsonNode> chunks(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> JSON.readTree(line.substring("data: ".length())))
        .toList();
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
