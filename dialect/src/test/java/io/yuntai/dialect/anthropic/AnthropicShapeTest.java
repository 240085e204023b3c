package io.yuntai.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CacheMark;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.ContextOverflow;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicShapeTest {
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1a", 1, "m", false);
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";

  @Test
  void aWholeAnswerHasAnthropicsShape() {
    Answer.Choice choice =
        new Answer.Choice(
            "hm",
            "a\"b",
            List.of(new ToolCall("c1", "f", "{\"x\": 1}")),
            List.of(),
            FinishReason.TOOL_CALLS);
    assertThat(
            text(
                AnthropicAnswers.encode(
                    new Answer(HEAD, List.of(choice), new Usage(10, 4, 5, 2, 1)))))
        .isEqualTo(
            """
            {"id":"msg_1a","type":"message","role":"assistant","model":"m","content":[\
            {"type":"thinking","thinking":"hm","signature":"eXVudGFp"},\
            {"type":"text","text":"a\\"b"},\
            {"type":"tool_use","id":"c1","name":"f","input":{"x": 1}}],\
            "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,\
            "cache_creation_input_tokens":1,"cache_read_input_tokens":4,"output_tokens":5}}\
            """);
  }

  @Test
  void aStreamHasAnthropicsEvents() {
    List<AnswerEvent> events =
        List.of(
            new AnswerEvent.Counted(new Usage(7, 0, 0, 0)),
            new AnswerEvent.Started(0),
            new AnswerEvent.Reasoning(0, "hm"),
            new AnswerEvent.Delta(0, "é", List.of()),
            new AnswerEvent.CallStarted(0, 0, "c1", "f"),
            new AnswerEvent.CallArguments(0, 0, "{}"),
            new AnswerEvent.ChoiceFinished(0, FinishReason.STOP, Optional.of("END")),
            new AnswerEvent.Finished(new Usage(7, 3, 9, 0)));
    assertThat(text(Streams.written(new AnthropicStream(HEAD, "req_1"), events)))
        .isEqualTo(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1a","type":"message","role":"assistant",\
            "model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,\
            "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}

            event: ping
            data: {"type":"ping"}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"eXVudGFp"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"é"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},\
            "usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":3,"output_tokens":9}}

            event: message_stop
            data: {"type":"message_stop"}

            """);
  }

  @Test
  void agentsConversationsBecomeTurns() throws Exception {
    ChatRequest request =
        decode(
            "'model':'m','max_tokens':9,'betas':['x'],'context_management':{'edits':[]},"
                + "'system':[{'type':'text','text':'a'},{'type':'text','text':'b','cache_control':{'type':'ephemeral'}}],"
                + "'messages':[{'role':'user','content':[{'type':'text','text':'x'},{'type':'text','text':'y'}]},"
                + "{'role':'assistant','content':[{'type':'thinking','thinking':'t','signature':'s'},"
                + "{'type':'redacted_thinking','data':'zz'},"
                + "{'type':'tool_use','id':'c1','name':'f','input':{'a':1.5}}]},"
                + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'c1','is_error':true,"
                + "'content':[{'type':'text','text':'r'}],'cache_control':{'type':'ephemeral','ttl':'1h'}},"
                + "{'type':'text','text':'go'}]},{'role':'user','content':'on'}]");

    assertThat(request.messages())
        .extracting(Message::role, Message::content, Message::cacheMark)
        .containsExactly(
            tuple(Role.SYSTEM, "a\nb", CacheMark.SHORT),
            tuple(Role.USER, "x\ny", CacheMark.NONE),
            tuple(Role.ASSISTANT, "", CacheMark.NONE),
            tuple(Role.TOOL, "r", CacheMark.LONG),
            tuple(Role.USER, "go\non", CacheMark.NONE));
    assertThat(request.messages().get(2).toolCalls())
        .containsExactly(new ToolCall("c1", "f", "{\"a\":1.5}"));
    assertThat(request.messages().get(2).reasoningSignature()).contains("s");
    assertThat(request.thinking()).isEqualTo(new Thinking.Off());
  }

  @Test
  void toolsThoughtsAndFormsAreRead() throws Exception {
    ChatRequest request =
        decode(
            "'model':'m','max_tokens':2000,"
                + HI
                + ",'tools':[{'name':'f','description':'d','input_schema':{'type':'object'},'cache_control':{'type':'ephemeral'}}],"
                + "'tool_choice':{'type':'any','disable_parallel_tool_use':true},"
                + "'thinking':{'type':'enabled','budget_tokens':1024},"
                + "'output_config':{'effort':'high','format':{'type':'json_schema','schema':{'type':'object'}}}");

    assertThat(request.toolUse().choice()).isEqualTo(new Choice.Required());
    assertThat(request.toolUse().parallel()).isFalse();
    assertThat(request.toolUse().tools().getFirst().definition().toString())
        .isEqualTo("{type=function, function={name=f, description=d, parameters={type=object}}}");
    assertThat(request.thinking())
        .isEqualTo(new Thinking.On(Thinking.Effort.HIGH, OptionalInt.of(1024)));
    assertThat(request.settings().form()).isInstanceOf(AnswerForm.JsonSchema.class);
  }

  @Test
  void whatTheAssistantHasBegunIsContinued() throws Exception {
    ChatRequest request =
        decode(
            "'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},"
                + "{'role':'assistant','content':'{'}]");
    assertThat(request.continued()).isTrue();
    assertThat(request.messages().getLast()).isEqualTo(Message.of(Role.ASSISTANT, "{"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'temperature':1", "'top_p':1.0", "'top_k':0"})
  void theNewerVersionHasNoSettingsOfSampling(String field) throws Exception {
    byte[] body = json("'model':'m','max_tokens':9," + HI + "," + field);

    assertThat(AnthropicRequests.decode(body, AnthropicVersion.of("2023-06-01"))).isNotNull();
    assertThatThrownBy(() -> AnthropicRequests.decode(body, AnthropicVersion.of("2026-10-21")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("2026-10-21");
  }

  @ParameterizedTest
  @CsvSource({
    "2023-01-01,V2023_06_01",
    "2023-06-01,V2023_06_01",
    "2026-10-21,V2026_10_21",
    "2027-01-01,V2026_10_21"
  })
  void theNewestVersionThatIsNotNewerIsSpoken(String header, AnthropicVersion version)
      throws Exception {
    assertThat(AnthropicVersion.of(header)).isEqualTo(version);
    assertThat(AnthropicVersion.of(null)).isEqualTo(AnthropicVersion.V2023_06_01);
    assertThatThrownBy(() -> AnthropicVersion.of("bedrock-" + header))
        .isInstanceOf(ApiException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'max_tokens':9,'messages':[{'role':'user','content':[{'type':'image','source':{}}]}]|messages.0.content.0",
        "'max_tokens':9,'messages':[{'role':'user','content':[{'type':'document','source':{}}]}]|messages.0.content.0",
        "'max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':'x','citations':[1]}]}]|messages.0.content.0.citations",
        "'messages':[{'role':'user','content':'x'}]|max_tokens",
        "'max_tokens':9,'messages':[]|messages",
        "'max_tokens':9,'messages':[{'role':'user','content':'x'}],'tools':[{'type':'web_search_20250305','name':'web_search'}]|tools.0",
        "'max_tokens':9,'messages':[{'role':'user','content':'x'}],'tool_choice':{'type':'tool','name':'g'}|tool_choice.name",
        "'max_tokens':9,'messages':[{'role':'user','content':'x'}],'mcp_servers':[{}]|mcp_servers",
        "'max_tokens':9,'messages':[{'role':'user','content':'x'}],'temperature':1.5|temperature",
        "'max_tokens':9,'messages':[{'role':'user','content':'x'}],'thinking':{'type':'enabled','budget_tokens':9}|thinking.budget_tokens",
      })
  void whatCanNotBeDoneIsRefusedByName(String fields, String param) {
    assertThatThrownBy(() -> decode("'model':'m'," + fields))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error().param()).contains(param));
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error",
    "401,authentication_error",
    "403,permission_error",
    "404,not_found_error",
    "413,request_too_large",
    "415,invalid_request_error",
    "429,rate_limit_error",
    "500,api_error",
    "503,overloaded_error"
  })
  void errorsHaveAnthropicsTypes(int status, String type) {
    ApiError error = ApiError.invalidRequest(status, "c", "It is \"so\".");
    assertThat(text(AnthropicErrors.encode(error, "req_1")))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"It is \\\"so\\\".\"},\"request_id\":\"req_1\"}"
                .formatted(type));
  }

  @Test
  void overflowIsSaidInTheWordsThatAgentsKnow() {
    ApiError error =
        ApiError.contextExceeded("messages", new ContextOverflow(4096, 5000), "It is too long.");
    assertThat(text(AnthropicErrors.encode(error, "r")))
        .contains("prompt is too long: 5000 tokens > 4096 maximum");
    assertThat(AnthropicErrors.decode(400, AnthropicErrors.encode(error, "r")).code())
        .contains("context_length_exceeded");
  }

  @Test
  void argumentsThatAreNoObjectAreKeptInOne() {
    Answer.Choice choice =
        new Answer.Choice(
            "", "", List.of(new ToolCall("c", "f", "{\"a\":")), List.of(), FinishReason.LENGTH);
    assertThat(
            text(AnthropicAnswers.encode(new Answer(HEAD, List.of(choice), new Usage(1, 0, 1, 0)))))
        .contains("\"input\":{\"unreadable_arguments\":\"{\\\"a\\\":\"}");
  }

  private static ChatRequest decode(String fields) throws ApiException {
    return AnthropicRequests.decode(json(fields), AnthropicVersion.V2023_06_01);
  }

  private static byte[] json(String fields) {
    return ("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
