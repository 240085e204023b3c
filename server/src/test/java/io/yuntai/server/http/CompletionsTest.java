package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletionsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CACHED = "/usage/prompt_tokens_details/cached_tokens";
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";

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
  void answersInOnePieceWithExactUsage() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':'1 2','temperature':0,'max_tokens':50}");

    assertThat(body.get("object").stringValue()).isEqualTo("text_completion");
    assertThat(body.get("id").stringValue()).startsWith("cmpl-");
    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo(ALPHABET);
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    // The beginning of the text and three bytes; 26 letters and the end token.
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(4);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(27);
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(31);
  }

  @Test
  void endsAtSixteenTokensUnlessAskedForMore() throws Exception {
    JsonNode body = ok("/v1/completions", "{'model':'letters:1b','prompt':'1','temperature':0}");

    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo(ALPHABET.substring(0, 16));
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
  }

  @Test
  void answersEachPromptAsOftenAsAsked() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':['x','uv'],'n':2,'temperature':0,'max_tokens':50}");

    assertThat(body.get("choices"))
        .extracting(c -> c.get("text").stringValue())
        .containsExactly("yz", "yz", "wxyz", "wxyz");
    assertThat(body.get("choices"))
        .extracting(c -> c.get("index").intValue())
        .containsExactly(0, 1, 2, 3);
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(2 + 3);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(3 + 3 + 5 + 5);
  }

  @Test
  void takesTokenIdsAsPrompt() throws Exception {
    JsonNode body =
        ok("/v1/completions", "{'model':'letters:1b','prompt':[[118],[119,120]],'temperature':0}");

    assertThat(body.get("choices"))
        .extracting(c -> c.get("text").stringValue())
        .containsExactly("wxyz", "yz");
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(3);
  }

  @Test
  void stopTextEndsTheAnswerAndIsNoPartOfIt() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':'1','temperature':0,'stop':['zz','fgh']}");

    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo("abcde");
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
  }

  @Test
  void logprobsComeInTheShapeOfCompletions() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':'w','temperature':0,'max_tokens':2,'logprobs':3}");

    JsonNode logprobs = body.at("/choices/0/logprobs");
    assertThat(logprobs.get("tokens")).extracting(JsonNode::stringValue).containsExactly("x", "y");
    assertThat(logprobs.get("text_offset")).extracting(JsonNode::intValue).containsExactly(0, 1);
    assertThat(logprobs.get("top_logprobs").get(0).size()).isEqualTo(3);
    assertThat(logprobs.get("token_logprobs").get(0).doubleValue()).isBetween(-0.1, 0.0);
  }

  @Test
  void streamsWhatItWouldHaveAnsweredInOnePiece() throws Exception {
    String request =
        "{'model':'letters:1b','prompt':['1','Q'],'n':2,'seed':7,'max_tokens':40,'logprobs':2%s}";
    JsonNode whole = ok("/v1/completions", request.formatted(""));
    List<String> events =
        events(
            server.post(
                "/v1/completions",
                json(request.formatted(",'stream':true,'stream_options':{'include_usage':true}"))));

    assertThat(events.getLast()).isEqualTo("[DONE]");
    StringBuilder[] texts = {
      new StringBuilder(), new StringBuilder(), new StringBuilder(), new StringBuilder()
    };
    JsonNode usage = JSON.nullNode();
    for (String event : events.subList(0, events.size() - 1)) {
      JsonNode chunk = JSON.readTree(event);
      assertThat(chunk.has("usage")).isTrue();
      usage = chunk.get("usage");
      for (JsonNode choice : chunk.get("choices")) {
        texts[choice.get("index").intValue()].append(choice.get("text").stringValue());
      }
    }
    assertThat(usage).isEqualTo(whole.get("usage"));
    assertThat(whole.get("choices"))
        .extracting(c -> c.get("text").stringValue())
        .containsExactly(
            texts[0].toString(), texts[1].toString(), texts[2].toString(), texts[3].toString());
  }

  @Test
  void oneSeedGivesOneAnswerAndSeveralChoicesDiffer() throws Exception {
    String request =
        "{'model':'letters:1b','prompt':'1','seed':5,'n':3,'temperature':2,'max_tokens':40}";

    JsonNode first = ok("/v1/completions", request);
    JsonNode second = ok("/v1/completions", request);

    assertThat(second.get("choices")).isEqualTo(first.get("choices"));
    assertThat(first.get("choices")).extracting(c -> c.get("text")).doesNotHaveDuplicates();
  }

  @Test
  void withoutASeedAnswersDiffer() throws Exception {
    String request = "{'model':'letters:1b','prompt':'1','temperature':2,'max_tokens':60}";

    assertThat(ok("/v1/completions", request).at("/choices/0/text"))
        .isNotEqualTo(ok("/v1/completions", request).at("/choices/0/text"));
  }

  @Test
  void topPOfZeroTakesTheLikeliestToken() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':'1','temperature':2,'top_p':0,'max_tokens':50}");

    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo(ALPHABET);
  }

  @Test
  void halfACharacterIsSpelledByItsBytes() throws Exception {
    JsonNode body =
        ok(
            "/v1/completions",
            "{'model':'letters:1b','prompt':'1','max_tokens':1,'logprobs':0,'logit_bias':{'195':100}}");

    assertThat(body.at("/choices/0/logprobs/tokens/0").stringValue()).isEqualTo("bytes:\\xc3");
    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo("\uFFFD");
  }

  @Test
  void usageTellsHowMuchOfThePromptWasStoredAlready() throws Exception {
    // The beginning of the text and 40 bytes, in blocks of 16.
    String request = "{'model':'letters:1b','prompt':'%s','max_tokens':1%s}";
    String prompt = "cached".repeat(7).substring(0, 40);
    String whole = request.formatted(prompt, ",'n':3");

    assertThat(ok("/v1/completions", whole).at(CACHED).intValue()).isZero();
    assertThat(ok("/v1/completions", whole).at(CACHED).intValue()).isEqualTo(32);
    String streamed =
        request.formatted(prompt, ",'stream':true,'stream_options':{'include_usage':true}");
    List<String> events = events(server.post("/v1/completions", json(streamed)));
    assertThat(JSON.readTree(events.get(events.size() - 2)).at(CACHED).intValue()).isEqualTo(32);
    String two = request.replace("'%s'", "['%s','" + prompt + "']");
    assertThat(ok("/v1/completions", two.formatted("x", "")).at(CACHED).intValue()).isEqualTo(32);
  }

  @Test
  void oneKeyDoesNotFindWhatAnotherOneAsked() throws Exception {
    String request =
        json("{'model':'letters:1b','prompt':'%s','max_tokens':1}".formatted("secret".repeat(9)));
    server.keys().add("yt-other-key");
    assertThat(server.post("/v1/completions", request).body()).contains("\"cached_tokens\":0");
    HttpResponse<String> other =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/completions"))
                .header("Authorization", "Bearer yt-other-key")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build());
    assertThat(other.body()).contains("\"cached_tokens\":0");
    assertThat(server.post("/v1/completions", request).body()).contains("\"cached_tokens\":48");
  }

  private JsonNode ok(String path, String json) throws Exception {
    HttpResponse<String> response = server.post(path, json(json));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static List<String> events(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type"))
        .get()
        .asString()
        .startsWith("text/event-stream");
    return response
        .body()
        .lines()
        .filter(line -> !line.isEmpty() && !line.startsWith(":"))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
