package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.routes.LiveRoutes;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.testing.MockUpstream;
import io.yuntai.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of tools by {@code /v1/responses}, by a model that thinks, calls two tools and ends. */
class ResponsesToolsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/v1/responses";
  private static final String TOOLS =
      "'tools':[{'type':'function','name':'weather','strict':false,'parameters':{'type':'object','properties':{'city':{'type':'string'}}}},"
          + "{'type':'custom','name':'patch','description':'a patch','format':{'type':'grammar','syntax':'lark','definition':'start: /.+/'}},"
          + "{'type':'namespace','name':'mcp__x','description':'d','tools':[]},{'type':'web_search','external_web_access':false}]";

  private static final List<String> CHUNKS =
      List.of(
          "{'delta':{'role':'assistant','reasoning_content':'let me '}}",
          "{'delta':{'reasoning_content':'look'}}",
          "{'delta':{'tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'weather','arguments':''}}]}}",
          "{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{~city~: '}}]}}",
          "{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'~Paris~}'}}]}}",
          "{'delta':{'tool_calls':[{'index':1,'id':'call_b','type':'function','function':{'name':'patch','arguments':'{~input~:~+ a~}'}}]}}",
          "{'delta':{},'finish_reason':'tool_calls'}");

  @TempDir private Path folder;
  private final LiveRoutes routes = new LiveRoutes(new Random(1), InstantSource.system());
  private final TestServer server = new TestServer(routes);

  @SuppressWarnings("NullAway.Init") // before each
  private MockUpstream upstream;

  @BeforeEach
  void start() throws Exception {
    upstream = new MockUpstream(ResponsesToolsTest::callTools);
    Path file = folder.resolve("yuntai.toml");
    Files.writeString(
        file,
        """
        [upstreams.mock]
        kind = "openai-compatible"
        url = "%s"

        [routes.agent]
        [[routes.agent.targets]]
        upstream = "mock"
        model = "m"
        """
            .formatted(upstream.url()));
    routes.apply(RoutesFile.read(file, Map.of()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    routes.close();
    upstream.close();
  }

  private static void callTools(MockUpstream.Request request, MockUpstream.Answering answering)
      throws java.io.IOException, InterruptedException {
    if (!request.body().contains("\"stream\":true")) {
      answering.json(
          200,
          json(
              "{'choices':[{'index':0,'message':{'role':'assistant','reasoning_content':'let me look','content':null,'tool_calls':["
                  + "{'id':'call_a','type':'function','function':{'name':'weather','arguments':'{~city~: ~Paris~}'}},"
                  + "{'id':'call_b','type':'function','function':{'name':'patch','arguments':'{~input~:~+ a~}'}}]},"
                  + "'finish_reason':'tool_calls'}],'usage':{'prompt_tokens':7,'completion_tokens':5}}"));
      return;
    }
    MockUpstream.Answering open = answering.stream();
    for (String chunk : CHUNKS) {
      open.event("{\"choices\":[" + json("{'index':0," + chunk.substring(1)) + "]}");
    }
    open.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}");
    open.event("[DONE]").raw("0\r\n\r\n");
  }

  /** Single quotes for double ones, tildes for double ones inside a text. */
  private static String json(String text) {
    return text.replace('\'', '"').replace("~", "\\\"");
  }

  private HttpResponse<String> ask(String fields) throws Exception {
    return server.post(PATH, json("{'model':'agent'," + TOOLS + "," + fields + "}"));
  }

  private static void assertOutput(JsonNode response) {
    JsonNode output = response.get("output");
    assertThat(output.values())
        .extracting(item -> item.get("type").stringValue())
        .containsExactly("reasoning", "function_call", "custom_tool_call");
    assertThat(output.at("/0/content/0/text").stringValue()).isEqualTo("let me look");
    assertThat(output.at("/1/call_id").stringValue()).isEqualTo("call_a");
    assertThat(output.at("/1/arguments").stringValue()).isEqualTo("{\"city\": \"Paris\"}");
    assertThat(output.at("/2/call_id").stringValue()).isEqualTo("call_b");
    assertThat(output.at("/2/input").stringValue()).isEqualTo("+ a");
    assertThat(response.get("status").stringValue()).isEqualTo("completed");
    assertThat(response.at("/usage/output_tokens").intValue()).isEqualTo(5);
  }

  @Test
  void aWholeAnswerHasTheCallsAsItems() throws Exception {
    HttpResponse<String> answer = ask("'input':'weather?'");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertOutput(JSON.readTree(answer.body()));

    // The model is told of those that are called here, the custom one as a function of one text.
    JsonNode told = JSON.readTree(upstream.requests().getFirst().body()).get("tools");
    assertThat(told.values())
        .extracting(tool -> tool.at("/function/name").stringValue())
        .containsExactly("weather", "patch");
    assertThat(told.at("/1/function/parameters/required/0").stringValue()).isEqualTo("input");
  }

  @Test
  void aStreamHasTheEventsOfEachCall() throws Exception {
    String body = ask("'input':'weather?','stream':true").body();
    List<JsonNode> events =
        Stream.of(body.split("\n"))
            .filter(line -> line.startsWith("data: "))
            .map(line -> JSON.readTree(line.substring(6)))
            .toList();
    assertThat(events)
        .extracting(event -> event.get("type").stringValue().substring("response.".length()))
        .containsExactly(
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "reasoning_text.delta",
            "reasoning_text.delta",
            "reasoning_text.done",
            "content_part.done",
            "output_item.done",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "output_item.added",
            "custom_tool_call_input.delta",
            "custom_tool_call_input.done",
            "output_item.done",
            "completed");
    assertOutput(events.getLast().get("response"));
  }

  @Test
  void resultsGoBackToTheModelBehindTheCalls() throws Exception {
    String first = JSON.readTree(ask("'input':'weather?'").body()).get("id").stringValue();
    HttpResponse<String> second =
        ask(
            "'previous_response_id':'"
                + first
                + "','input':[{'type':'function_call_output','call_id':'call_a','output':'sunny'},"
                + "{'type':'custom_tool_call_output','call_id':'call_b','output':[{'type':'input_text','text':'ok'}]}]");
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    assertTurnsOfTheModel();
  }

  /** As agents do that leave nothing with the server: all items again, thoughts only packed. */
  @Test
  void aClientMayKeepTheConversationItself() throws Exception {
    JsonNode output =
        JSON.readTree(
                ask("'input':'weather?','store':false,'include':['reasoning.encrypted_content']")
                    .body())
            .get("output");
    ((tools.jackson.databind.node.ObjectNode) output.get(0)).putNull("content");
    String items = output.toString();
    HttpResponse<String> second =
        server.post(
            PATH,
            json(
                    "{'model':'agent','store':false,"
                        + TOOLS
                        + ",'input':[{'role':'user','content':'weather?'},")
                + items.substring(1, items.length() - 1)
                + json(
                    ",{'type':'function_call_output','call_id':'call_a','output':'sunny'},"
                        + "{'type':'custom_tool_call_output','call_id':'call_b','output':'ok'}]}"));
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    assertTurnsOfTheModel();
  }

  private void assertTurnsOfTheModel() {
    JsonNode messages = JSON.readTree(upstream.requests().getLast().body()).get("messages");
    assertThat(messages.values())
        .extracting(message -> message.get("role").stringValue())
        .containsExactly("user", "assistant", "tool", "tool");
    assertThat(messages.at("/1/reasoning_content").stringValue()).isEqualTo("let me look");
    assertThat(messages.at("/1/tool_calls/0/function/arguments").stringValue())
        .isEqualTo("{\"city\": \"Paris\"}");
    assertThat(messages.at("/1/tool_calls/1/function/arguments").stringValue())
        .isEqualTo("{\"input\":\"+ a\"}");
    assertThat(messages.at("/2/tool_call_id").stringValue()).isEqualTo("call_a");
    assertThat(messages.at("/2/content").stringValue()).isEqualTo("sunny");
    assertThat(messages.at("/3/content").stringValue()).isEqualTo("ok");
  }
}
