package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.testing.RawClient;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String RESPONSES = "/v1/responses";

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

  /** A request of these further fields, with single quotes for double ones. */
  private static String request(String fields) {
    return ("{'model':'letters:1b','temperature':0," + fields + "}").replace('\'', '"');
  }

  private JsonNode created(String fields) throws Exception {
    HttpResponse<String> answer = server.post(RESPONSES, request(fields));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static List<JsonNode> events(String body) {
    List<JsonNode> events = new ArrayList<>();
    for (String block : body.split("\n\n")) {
      JsonNode data =
          JSON.readTree(
              block
                  .lines()
                  .filter(l -> l.startsWith("data: "))
                  .findFirst()
                  .orElseThrow()
                  .substring(6));
      assertThat(block).contains("event: " + data.get("type").stringValue() + "\n");
      assertThat(data.get("sequence_number").intValue()).isEqualTo(events.size());
      events.add(data);
    }
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.get("type").stringValue()).distinct().toList();
  }

  @Test
  void aWholeResponseHasItsItemsAndCounts() throws Exception {
    JsonNode response = created("'input':'hi','max_output_tokens':5,'metadata':{'a':'b'}");

    assertThat(response.get("object").stringValue()).isEqualTo("response");
    assertThat(response.get("id").stringValue()).matches("resp_[0-9a-f]{48}");
    assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
    assertThat(response.at("/incomplete_details/reason").stringValue())
        .isEqualTo("max_output_tokens");
    assertThat(response.at("/output/0/type").stringValue()).isEqualTo("message");
    assertThat(response.at("/output/0/content/0/text").stringValue()).isNotEmpty();
    assertThat(response.at("/usage/output_tokens").intValue()).isEqualTo(5);
    assertThat(response.at("/usage/input_tokens").intValue()).isPositive();
    assertThat(response.at("/metadata/a").stringValue()).isEqualTo("b");
    assertThat(response.at("/text/format/type").stringValue()).isEqualTo("text");
  }

  @Test
  void aStreamTellsEachStepInOrder() throws Exception {
    HttpResponse<String> answer =
        server.post(RESPONSES, request("'input':'hi','max_output_tokens':5,'stream':true"));
    List<JsonNode> events = events(answer.body());

    assertThat(types(events))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.incomplete");
    StringBuilder text = new StringBuilder();
    events.stream()
        .filter(event -> event.get("type").stringValue().equals("response.output_text.delta"))
        .forEach(event -> text.append(event.get("delta").stringValue()));
    assertThat(events.getLast().at("/response/output/0/content/0/text").stringValue())
        .isEqualTo(text.toString())
        .isNotEmpty();
  }

  @Test
  void aConversationGoesOnFromItsLastResponse() throws Exception {
    JsonNode first = created("'input':'one','max_output_tokens':3,'instructions':'be brief'");
    String id = first.get("id").stringValue();
    String said = first.at("/output/0/content/0/text").stringValue();

    long counted =
        JSON.readTree(
                server
                    .post(
                        RESPONSES + "/input_tokens",
                        request("'input':'two','previous_response_id':'" + id + "'"))
                    .body())
            .get("input_tokens")
            .longValue();
    JsonNode second =
        created("'input':'two','max_output_tokens':3,'previous_response_id':'" + id + "'");

    // A token that begins, then each message in brackets, a token for each byte.
    int expected = 1 + ("[one][" + said + "][two]").length();
    assertThat(second.at("/usage/input_tokens").intValue()).isEqualTo(expected);
    assertThat(counted).isEqualTo(expected);
    assertThat(second.get("previous_response_id").stringValue()).isEqualTo(id);
  }

  @Test
  void whatIsNotStoredIsNotFound() throws Exception {
    String id = created("'input':'hi','max_output_tokens':2,'store':false").get("id").stringValue();

    assertThat(server.get(RESPONSES + "/" + id).statusCode()).isEqualTo(404);
    HttpResponse<String> next =
        server.post(RESPONSES, request("'input':'x','previous_response_id':'" + id + "'"));
    assertThat(next.statusCode()).isEqualTo(400);
    assertThat(next.body()).contains("previous_response_not_found");
  }

  @Test
  void storedResponsesAreGivenListedAndDeleted() throws Exception {
    HttpResponse<String> made =
        server.post(
            RESPONSES,
            request(
                "'max_output_tokens':2,'input':[{'role':'user','content':'a'},{'role':'assistant','content':'b'},{'role':'user','content':[{'type':'input_text','text':'c'}]}]"));
    String path = RESPONSES + "/" + JSON.readTree(made.body()).get("id").stringValue();

    assertThat(server.get(path).body()).isEqualTo(made.body());
    JsonNode items = JSON.readTree(server.get(path + "/input_items?order=asc&limit=2").body());
    assertThat(items.at("/data/0/content/0/text").stringValue()).isEqualTo("a");
    assertThat(items.at("/data/1/content/0/type").stringValue()).isEqualTo("output_text");
    assertThat(items.get("has_more").booleanValue()).isTrue();
    server.keys().add("yt-other");
    HttpRequest strange =
        HttpRequest.newBuilder(server.uri(path)).header("Authorization", "Bearer yt-other").build();
    assertThat(server.send(strange).statusCode()).isEqualTo(404);
    assertThat(server.send(server.request(path).DELETE().build()).body())
        .contains("\"deleted\":true");
    assertThat(server.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void aBackgroundResponseIsMadeWithoutAnybodyWaiting() throws Exception {
    try (TestServer own = new TestServer()) {
      own.decoder().hold();
      HttpResponse<String> made =
          own.post(
              RESPONSES,
              request("'input':'hi','max_output_tokens':4,'background':true,'stream':false"));
      String path = RESPONSES + "/" + JSON.readTree(made.body()).get("id").stringValue();

      assertThat(made.body()).contains("\"status\":\"in_progress\"");
      assertThat(own.get(path).body()).contains("\"status\":\"in_progress\"");
      own.decoder().release();
      Awaitility.await().until(() -> own.get(path).body().contains("\"status\":\"incomplete\""));
      String all = own.get(path + "?stream=true").body().replaceAll("(?m)^id: [0-9]+\n", "");
      List<JsonNode> events = events(all);
      String rest =
          own.get(path + "?stream=true&starting_after=3")
              .body()
              .replaceAll("(?m)^id: [0-9]+\n", "");

      assertThat(events.getLast().get("type").stringValue()).isEqualTo("response.incomplete");
      assertThat(all).endsWith(rest);
      assertThat(rest).contains("\"sequence_number\":4,").doesNotContain("\"sequence_number\":3,");
    }
  }

  @Test
  void aBackgroundResponseCanBeCancelled() throws Exception {
    try (TestServer own = new TestServer()) {
      own.decoder().hold();
      HttpResponse<String> made = own.post(RESPONSES, request("'input':'hi','background':true"));
      String path = RESPONSES + "/" + JSON.readTree(made.body()).get("id").stringValue();
      Awaitility.await().until(() -> own.decoder().steps() == 1);

      assertThat(own.post(path + "/cancel", "").body()).contains("\"status\":\"cancelled\"");
      Awaitility.await()
          .until(() -> {
            own.decoder().letSteps(1);
            return own.engine().statistics().running() == 0;
          });
      assertThat(own.get(path).body()).contains("\"status\":\"cancelled\"");
    }
  }

  @Test
  void aClientThatLeavesStopsTheEngine() throws Exception {
    try (TestServer own = new TestServer();
        RawClient client = new RawClient(own.port())) {
      own.decoder().hold();
      client.send(RawClient.post(RESPONSES, request("'input':'hi','stream':true")));
      Awaitility.await().until(() -> own.decoder().steps() == 1);
      client.reset();
      Awaitility.await()
          .until(() -> {
            own.decoder().letSteps(1);
            return own.engine().statistics().running() == 0;
          });
    }
  }

  @Test
  void whatACodingAgentAlwaysSendsIsTaken() throws Exception {
    JsonNode response =
        created(
            "'input':[{'type':'message','role':'developer','content':[{'type':'input_text','text':'rules'}]},{'type':'message','role':'user','content':[{'type':'input_text','text':'hi'}]}],'instructions':'You help.','max_output_tokens':2,'tools':[{'type':'web_search'},{'type':'local_shell'}],'tool_choice':'auto','parallel_tool_calls':false,'reasoning':{'effort':'medium','summary':'auto'},'store':false,'include':['reasoning.encrypted_content'],'prompt_cache_key':'k','text':{'verbosity':'low'},'client_metadata':{'x':'y'}");

    // One system message out of two, then the user's.
    assertThat(response.at("/usage/input_tokens").intValue())
        .isEqualTo(1 + "[You help.\n\nrules][hi]".length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'max_output_tokens':2 | missing_required_parameter | input",
        "'input':'x','truncation':'auto' | unsupported_parameter | truncation",
        "'input':'x','conversation':'c' | unsupported_parameter | conversation",
        "'input':'x','tools':[{'type':'code_interpreter'}] | unsupported_parameter | tools[0].type",
        "'input':[{'role':'user','content':[{'type':'input_image'}]}] | unsupported_parameter | input[0].content[0].type",
        "'input':'x','background':true,'store':false | invalid_parameter_combination | background",
        "'input':'x','nonsense':1 | unknown_parameter | nonsense",
        "'input':[] | empty_array | input",
        "'input':'x','include':['all'] | invalid_value | include[0]",
      })
  void whatCannotBeDoneIsRefusedByName(String fields, String code, String param) throws Exception {
    HttpResponse<String> refused = server.post(RESPONSES, request(fields));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"code\":\"" + code + "\"", "\"param\":\"" + param + "\"");
  }

  @Test
  void aConversationThatIsTooLongIsRefusedWithItsCounts() throws Exception {
    try (TestServer small =
        new TestServer(TestServer.OPTIONS, io.yuntai.engine.EngineOptions.DEFAULTS, 64)) {
      HttpResponse<String> refused =
          small.post(RESPONSES, request("'input':'" + "a".repeat(98) + "'"));

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .contains("context_length_exceeded", " 64 tokens", "your input resulted in 101 tokens")
          .contains("\"param\":\"input\"");
    }
  }
}
