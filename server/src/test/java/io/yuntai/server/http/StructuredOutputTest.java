package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers held to a form, by a model that left to itself says the alphabet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StructuredOutputTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/v1/chat/completions";
  private static final String SCHEMA =
      "{'type':'object','properties':{'name':{'type':'string','maxLength':4},'kind':{'enum':['x','y',null]},"
          + "'n':{'type':'integer','minimum':1,'maximum':99}},'required':['name','kind','n'],'additionalProperties':false}";
  private static final String STRICT =
      "'response_format':{'type':'json_schema','json_schema':{'name':'thing','strict':true,'schema':"
          + SCHEMA
          + "}}";

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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aStrictSchemaIsHeld(int seed) throws Exception {
    JsonNode choice = choice(STRICT + ",'temperature':1.5,'seed':" + seed);

    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    JsonNode said = JSON.readTree(content(choice));
    assertThat(said.propertyNames()).containsExactly("name", "kind", "n");
    assertThat(said.get("name").stringValue().codePoints().count()).isLessThanOrEqualTo(4);
    assertThat(said.get("kind").isNull() || List.of("x", "y").contains(said.get("kind").asString()))
        .isTrue();
    assertThat(said.get("n").intValue()).isBetween(1, 99);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'guided_regex':'[0-9]{3}-[b-f]{2}' ; [0-9]{3}-[b-f]{2}",
        "'guided_choice':['yes','no','maybe'] ; yes|no|maybe",
        "'guided_grammar':'root ::= \\\"(\\\" root \\\")\\\" | \\\"x\\\"' ; (?s)\\(*x\\)*",
        "'grammar':'root ::= [x-z]{4}' ; [x-z]{4}",
        "'structured_outputs':{'regex':'(ab|é){2}'} ; (ab|é){2}",
        "'guided_json':{'enum':['only']} ; \\\"only\\\"",
      })
  void otherFormsAreHeld(String form, String pattern) throws Exception {
    JsonNode choice = choice(form + ",'temperature':1,'seed':7,'max_tokens':400");

    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(content(choice)).matches(pattern);
  }

  @Test
  void anyObjectIsAnObject() throws Exception {
    JsonNode choice =
        choice("'response_format':{'type':'json_object'},'temperature':0,'logit_bias':{'125':50}");

    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(JSON.readTree(content(choice)).isObject()).isTrue();
  }

  @Test
  void aStreamSaysTheSame() throws Exception {
    String request = STRICT + ",'temperature':1,'seed':11";
    HttpResponse<String> response = server.post(PATH, json(request + ",'stream':true"));
    StringBuilder streamed = new StringBuilder();
    String reason = "";
    for (String line : response.body().split("\n", -1)) {
      if (line.startsWith("data: {")) {
        JsonNode chunk = JSON.readTree(line.substring(6)).at("/choices/0");
        streamed.append(chunk.at("/delta/content").asString(""));
        reason = chunk.path("finish_reason").asString(reason);
      }
    }

    assertThat(streamed.toString()).isEqualTo(content(choice(request)));
    assertThat(reason).isEqualTo("stop");
  }

  @Test
  void whatMaxTokensCutsIsABeginningAndSaysSo() throws Exception {
    String whole = content(choice(STRICT + ",'temperature':1,'seed':3"));
    JsonNode choice = choice(STRICT + ",'temperature':1,'seed':3,'max_tokens':9");

    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(content(choice)).hasSize(9).isEqualTo(whole.substring(0, 9));
  }

  @Test
  void severalChoicesAreHeldEach() throws Exception {
    JsonNode body = body("'guided_regex':'[0-9]{8}','temperature':1,'seed':5,'n':4");

    assertThat(body.get("choices").values())
        .allSatisfy(choice -> assertThat(content(choice)).matches("[0-9]{8}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'guided_regex':'(?=a)' ; guided_regex ; look-ahead",
        "'guided_json':{'maxlength':1} ; guided_json ; 'maxlength'",
        "'guided_grammar':'root ::= root' ; guided_grammar ; left recursion",
        "'guided_choice':[] ; guided_choice ; minimum length",
        "'guided_regex':'a','guided_choice':['a'] ; guided_choice ; guided_regex",
      })
  void whatCanNotBeHeldIsRefusedByName(String form, String field, String what) throws Exception {
    HttpResponse<String> response = server.post(PATH, json(form));

    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("param").stringValue()).startsWith(field);
    assertThat(error.get("message").stringValue()).contains(what);
  }

  private JsonNode choice(String more) throws Exception {
    return body(more).at("/choices/0");
  }

  private JsonNode body(String more) throws Exception {
    HttpResponse<String> response = server.post(PATH, json(more));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String content(JsonNode choice) {
    return choice.at("/message/content").stringValue();
  }

  private static String json(String more) {
    return ("{'model':'letters:1b','messages':[{'role':'user','content':'hi'}]," + more + "}")
        .replace('\'', '"');
  }
}
