package io.yuntai.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecodingTest {
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";

  @Test
  void absentFieldsTakeOpenAisDefaults() throws Exception {
    ChatRequest request = chat("'model':'m'," + HI);

    assertThat(request.model()).isEqualTo("m");
    assertThat(request.messages()).containsExactly(Message.of(Role.USER, "hi"));
    assertThat(request.settings()).isEqualTo(GenerationSettings.DEFAULTS);
    assertThat(request.delivery()).isEqualTo(Delivery.WHOLE);
  }

  @Test
  void everySettingIsRead() throws Exception {
    GenerationSettings settings =
        chat("'model':'m',"
                + HI
                + ",'max_completion_tokens':9,'temperature':0.5,'top_p':0.25,"
                + "'top_k':40,'min_p':0.05,'presence_penalty':-2,'frequency_penalty':2,"
                + "'repetition_penalty':1.25,"
                + "'logit_bias':{'7':-100,'0':1.5},'seed':-9223372036854775808,'stop':['a','b'],"
                + "'n':3,'logprobs':true,'top_logprobs':20,'user':'u'")
            .settings();

    assertThat(settings)
        .isEqualTo(
            new GenerationSettings(
                OptionalInt.of(9),
                0.5,
                0.25,
                40,
                0.05,
                -2,
                2,
                RepetitionPenalty.of(1.25),
                Map.of(7, -100.0, 0, 1.5),
                OptionalLong.of(Long.MIN_VALUE),
                List.of("a", "b"),
                3,
                20,
                Optional.of("u"),
                AnswerForm.FREE));
  }

  @Test
  void rolesAndTextPartsAreRead() throws Exception {
    List<Message> messages =
        chat("'model':'m','messages':["
                + "{'role':'system','content':'s'},{'role':'developer','content':'d','name':'boss'},"
                + "{'role':'user','content':[{'type':'text','text':'x'},{'type':'text','text':'y'}]},"
                + "{'role':'assistant','content':'','refusal':null,'tool_calls':[],'annotations':[]},"
                + "{'role':'tool','content':'t','tool_call_id':'c1'}]")
            .messages();

    assertThat(messages)
        .containsExactly(
            Message.of(Role.SYSTEM, "s"),
            new Message(
                Role.DEVELOPER,
                "d",
                Optional.of("boss"),
                Optional.empty(),
                List.of(),
                Optional.empty()),
            Message.of(Role.USER, "x\ny"),
            Message.of(Role.ASSISTANT, ""),
            new Message(
                Role.TOOL, "t", Optional.empty(), Optional.of("c1"), List.of(), Optional.empty()));
  }

  @Test
  void callsAndThoughtsOfAssistantsAreRead() throws Exception {
    Message message =
        chat("'model':'m','messages':[{'role':'assistant','content':null,'reasoning_content':'hm',"
                + "'tool_calls':[{'id':'c1','type':'function','index':0,"
                + "'function':{'name':'f','arguments':'{}'}}]}]")
            .messages()
            .getFirst();

    assertThat(message.content()).isEmpty();
    assertThat(message.reasoning()).hasValue("hm");
    assertThat(message.toolCalls()).containsExactly(new ToolCall("c1", "f", "{}"));
  }

  @Test
  void toolsAreReadAsTheyStand() throws Exception {
    String tool =
        "{'type':'function','function':{'name':'f','description':'d','strict':true,"
            + "'parameters':{'type':'object','properties':{'b':{},'a':{}}}}}";
    ToolUse use =
        chat("'model':'m','messages':[{'role':'user','content':'x'}],'tools':[%s],'tool_choice':{'type':'function','function':{'name':'f'}},'parallel_tool_calls':false"
                .formatted(tool))
            .toolUse();

    assertThat(use.choice()).isEqualTo(new ToolUse.Choice.Named("f"));
    assertThat(use.parallel()).isFalse();
    assertThat(use.tools().getFirst().name()).isEqualTo("f");
    assertThat(use.tools().getFirst().parameters())
        .isEqualTo(Map.of("type", "object", "properties", Map.of("b", Map.of(), "a", Map.of())));
    assertThat(use.tools().getFirst().definition()).containsOnlyKeys("type", "function");
    assertThat(chat("'model':'m','messages':[{'role':'user','content':'x'}]").toolUse())
        .isEqualTo(ToolUse.NONE);
  }

  @Test
  void promptsComeAsTextsOrIds() throws Exception {
    assertThat(completion("'model':'m','prompt':''").prompts())
        .containsExactly(new Prompt.Text(""));
    assertThat(completion("'model':'m','prompt':['a','b']").prompts())
        .containsExactly(new Prompt.Text("a"), new Prompt.Text("b"));
    assertThat(completion("'model':'m','prompt':[1,2]").prompts())
        .containsExactly(new Prompt.Tokens(List.of(1, 2)));
    assertThat(completion("'model':'m','prompt':[[1],[2,3]]").prompts())
        .containsExactly(new Prompt.Tokens(List.of(1)), new Prompt.Tokens(List.of(2, 3)));
    assertThat(completion("'model':'m','prompt':'a'").settings().maxTokens()).hasValue(16);
  }

  @Test
  void templateVariablesKeepTheirJson() throws Exception {
    assertThat(
            chat("'model':'m',"
                    + HI
                    + ",'chat_template_kwargs':{'enable_thinking':false,'b':[1,2.5,{'c':'d'}]}")
                .templateVariables())
        .isEqualTo(Map.of("enable_thinking", false, "b", List.of(1L, 2.5, Map.of("c", "d"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tools':[]",
        "'tool_choice':'none'",
        "'functions':[]",
        "'response_format':{'type':'text'}",
        "'store':false",
        "'metadata':{'a':'b'}",
        "'parallel_tool_calls':true",
        "'modalities':['text']",
        "'audio':null",
        "'service_tier':'auto'",
        "'reasoning_effort':null",
        "'stop':null",
        "'n':null",
        "'temperature':null",
        "'stream':false",
        "'stream_options':null",
        "'prompt_cache_key':'k'",
        "'safety_identifier':'k'",
        "'repetition_penalty':1.0",
        "'ignore_eos':false",
        "'top_k':-1",
        "'logit_bias':{}",
        "'stop':[]",
        "'top_logprobs':0",
        "'max_tokens':1"
      })
  void whatAsksForNothingIsAccepted(String field) throws Exception {
    GenerationSettings settings = chat("'model':'m'," + HI + "," + field).settings();

    assertThat(settings.choices()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "functions            | [{}]",
        "modalities           | ['text','audio']",
        "audio                | {}",
        "prediction           | {}",
        "web_search_options   | {}",
        "store                | true",
        "service_tier         | 'flex'",
        "typical_p            | 1.1",
      })
  void whatIsKnownButNotSupportedIsRefusedByName(String name, String value) {
    refused("'model':'m'," + HI + ",'" + name + "':" + value, "unsupported_parameter", name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'temperature':'1'             | invalid_type              | temperature",
        "'temperature':2.1             | decimal_above_max_value   | temperature",
        "'temperature':-1              | decimal_below_min_value   | temperature",
        "'temperature':1e999           | decimal_above_max_value   | temperature",
        "'top_p':true                  | invalid_type              | top_p",
        "'top_k':1.5                   | invalid_type              | top_k",
        "'top_k':-2                    | integer_below_min_value   | top_k",
        "'n':0                         | integer_below_min_value   | n",
        "'n':129                       | integer_above_max_value   | n",
        "'n':99999999999999999999      | integer_above_max_value   | n",
        "'max_tokens':0                | integer_below_min_value   | max_tokens",
        "'max_tokens':'5'              | invalid_type              | max_tokens",
        "'seed':1.0                    | invalid_type              | seed",
        "'seed':9223372036854775808    | integer_above_max_value   | seed",
        "'stop':[1]                    | invalid_type              | stop[0]",
        "'stop':['a','b','c','d','e']  | array_above_max_length    | stop",
        "'stop':['a','']               | string_below_min_length   | stop[1]",
        "'stream':'true'               | invalid_type              | stream",
        "'stream':1                    | invalid_type              | stream",
        "'logprobs':2                  | invalid_type              | logprobs",
        "'top_logprobs':1              | invalid_parameter_combination | top_logprobs",
        "'stream_options':{}           | invalid_parameter_combination | stream_options",
        "'logit_bias':{'x':1}          | invalid_value             | logit_bias.x",
        "'logit_bias':{'01':1}         | invalid_value             | logit_bias.01",
        "'logit_bias':{'1':101}        | decimal_above_max_value   | logit_bias.1",
        "'logit_bias':[]               | invalid_type              | logit_bias",
        "'user':5                      | invalid_type              | user",
        "'tools':[{}]                  | missing_required_parameter | tools[0].type",
        "'tools':[{'type':'custom'}]   | unsupported_parameter     | tools[0].type",
        "'tools':[{'type':'function'}] | missing_required_parameter | tools[0].function",
        "'tools':[{'type':'function','function':{'name':'a b'}}] | invalid_value | tools[0].function.name",
        "'tools':[{'type':'function','function':{'name':'a','parameters':1}}] | invalid_type | tools[0].function.parameters",
        "'tools':[{'type':'function','function':{'name':'a'}},{'type':'function','function':{'name':'a'}}] | invalid_value | tools[1].function.name",
        "'tool_choice':'required'      | invalid_parameter_combination | tool_choice",
        "'tool_choice':'any'           | invalid_value             | tool_choice",
        "'tool_choice':{'type':'function','function':{'name':'f'}} | invalid_value | tool_choice.function.name",
        "'parallel_tool_calls':1       | invalid_type              | parallel_tool_calls",
        "'surprise':1                  | unknown_parameter         | surprise",
        "'chat_template_kwargs':{'messages':[]} | unsupported_parameter | chat_template_kwargs.messages",
        "'max_tokens':1,'max_completion_tokens':1 | invalid_parameter_combination | max_tokens",
      })
  void everyFieldsTypeAndRangeIsChecked(String field, String code, String param) {
    refused("'model':'m'," + HI + "," + field, code, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'hi'                                             | invalid_type             | messages",
        "[]                                               | empty_array              | messages",
        "[7]                                              | invalid_type             | messages[0]",
        "[{'content':'x'}]                                | missing_required_parameter | messages[0].role",
        "[{'role':'king','content':'x'}]                  | invalid_value            | messages[0].role",
        "[{'role':'function','content':'x'}]              | unsupported_parameter    | messages[0].role",
        "[{'role':'user'}]                                | missing_required_parameter | messages[0].content",
        "[{'role':'user','content':null}]                 | missing_required_parameter | messages[0].content",
        "[{'role':'user','content':5}]                    | invalid_type             | messages[0].content",
        "[{'role':'user','content':[]}]                   | empty_array              | messages[0].content",
        "[{'role':'user','content':'x','extra':1}]        | unknown_parameter        | messages[0].extra",
        "[{'role':'user','content':'x','name':'a b'}]     | invalid_value            | messages[0].name",
        "[{'role':'tool','content':'x'}]                  | missing_required_parameter | messages[0].tool_call_id",
        "[{'role':'assistant','content':'x','tool_calls':[{}]}] | missing_required_parameter | messages[0].tool_calls[0].id",
        "[{'role':'assistant','tool_calls':[{'id':'a','type':'custom'}]}] | unsupported_parameter | messages[0].tool_calls[0].type",
        "[{'role':'user','content':'x','reasoning_content':'x'}] | unsupported_parameter | messages[0].reasoning_content",
        "[{'role':'user','content':[{'type':'text'}]}]    | missing_required_parameter | messages[0].content[0].text",
        "[{'role':'user','content':[{'type':'image_url','image_url':{}}]}] | unsupported_parameter | messages[0].content[0]",
        "[{'role':'user','content':[{'type':'input_audio'}]}] | unsupported_parameter | messages[0].content[0]",
        "[{'role':'user','content':[{'type':'smell'}]}]   | invalid_value            | messages[0].content[0].type",
      })
  void messagesAreCheckedWithTheirPath(String messages, String code, String param) {
    refused("'model':'m','messages':" + messages, code, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'prompt':[]              | empty_array                | prompt",
        "'prompt':[[]]            | empty_array                | prompt[0]",
        "'prompt':['a',1]         | invalid_type               | prompt[1]",
        "'prompt':[1,'a']         | invalid_type               | prompt[1]",
        "'prompt':[1,-1]          | integer_below_min_value    | prompt[1]",
        "'prompt':{}              | invalid_type               | prompt",
        "'max_tokens':4           | missing_required_parameter | prompt",
        "'prompt':'a','echo':true | unsupported_parameter      | echo",
        "'prompt':'a','suffix':'b'| unsupported_parameter      | suffix",
        "'prompt':'a','best_of':2 | unsupported_parameter      | best_of",
        "'prompt':'a','logprobs':6| integer_above_max_value    | logprobs",
        "'prompt':['a','b'],'n':100 | invalid_value            | n",
        "'prompt':'a','messages':[] | unknown_parameter        | messages",
      })
  void completionsAreCheckedWithTheirPath(String fields, String code, String param) {
    ApiError error = errorOf(() -> completion("'model':'m'," + fields));
    assertThat(error.code()).contains(code);
    assertThat(error.param()).contains(param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[]",
        "7",
        "null",
        "'x'",
        "{'a':1,}",
        "{'model':'m'}}",
        "{'model':'m'} x",
        "{'model':'a','model':'b'}",
        "{model:'m'}",
        "{'model':NaN}",
        "{'n':01}",
        "{'a':'\t'}"
      })
  void brokenJsonIsRefused(String body) {
    ApiError error = errorOf(() -> OpenAiRequests.decodeChat(utf8(body.replace('\'', '"'))));

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).contains("invalid_json");
  }

  @Test
  void invalidUtf8IsRefusedAtItsPlace() {
    for (byte[] body :
        List.of(
            new byte[] {'{', (byte) 0xFF},
            new byte[] {'{', (byte) 0xC0, (byte) 0x80},
            new byte[] {'{', (byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[] {'{', (byte) 0xE2, (byte) 0x82})) {
      assertThat(errorOf(() -> OpenAiRequests.decodeChat(body)).message())
          .contains("invalid UTF-8 at byte 1");
    }
  }

  @Test
  void bombsAreRefused() {
    String deep = "{\"model\":" + "[".repeat(100_000);
    String wide = "{\"model\":[" + "1,".repeat(1_000_000) + "1]}";
    String digits = "{\"seed\":" + "9".repeat(100_000) + "}";

    for (String body : List.of(deep, wide, digits)) {
      ApiError error = errorOf(() -> OpenAiRequests.decodeChat(utf8(body)));
      assertThat(error.code()).contains("invalid_json");
      assertThat(error.message()).hasSizeLessThan(500);
    }
  }

  @Test
  void whatARefusalRepeatsIsBounded() {
    String name = "x".repeat(40_000);

    ApiError error =
        errorOf(() ->
            OpenAiRequests.decodeChat(
                utf8(("{'model':'m'," + HI + ",'" + name + "':1}").replace('\'', '"'))));
    assertThat(error.code()).contains("unknown_parameter");
    assertThat(error.message()).hasSizeLessThan(500);
    assertThat(error.param().orElseThrow()).hasSizeLessThan(500);
  }

  @Test
  void aByteOrderMarkIsSkipped() throws Exception {
    assertThat(
            OpenAiRequests.decodeChat(utf8(("\uFEFF{'model':'m'," + HI + "}").replace('\'', '"')))
                .model())
        .isEqualTo("m");
  }

  private static void refused(String fields, String code, String param) {
    ApiError error = errorOf(() -> chat(fields));
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.type()).isEqualTo("invalid_request_error");
    assertThat(error.code()).contains(code);
    assertThat(error.param()).contains(param);
    assertThat(error.message())
        .contains(param.substring(param.lastIndexOf('.') + 1).replaceAll("\\[.*", ""));
  }

  private interface Decoding {
    Object run() throws ApiException;
  }

  private static ApiError errorOf(Decoding decoding) {
    ApiError[] error = new ApiError[1];
    assertThatThrownBy(decoding::run)
        .isInstanceOfSatisfying(ApiException.class, e -> error[0] = e.error());
    return error[0];
  }

  private static ChatRequest chat(String fields) throws ApiException {
    return OpenAiRequests.decodeChat(utf8(("{" + fields + "}").replace('\'', '"')));
  }

  private static CompletionRequest completion(String fields) throws ApiException {
    return OpenAiRequests.decodeCompletion(utf8(("{" + fields + "}").replace('\'', '"')));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'response_format':{'type':'json_object'} | JsonObject[field=response_format]",
        "'response_format':{'type':'json_schema','json_schema':{'name':'n','strict':true,'schema':{'type':'null'}}} | JsonSchema[field=response_format.json_schema.schema, schema={type=null}]",
        "'guided_json':{'minimum':0.1} | JsonSchema[field=guided_json, schema={minimum=0.1}]",
        "'guided_json':'{\\'const\\':1}' | JsonSchema[field=guided_json, schema={const=1}]",
        "'guided_regex':'a+' | Regex[field=guided_regex, pattern=a+]",
        "'guided_choice':['a','b'] | Choice[field=guided_choice, texts=[a, b]]",
        "'guided_grammar':'root ::= .' | Gbnf[field=guided_grammar, source=root ::= .]",
        "'grammar':'root ::= .' | Gbnf[field=grammar, source=root ::= .]",
        "'json_schema':true | JsonSchema[field=json_schema, schema=true]",
        "'structured_outputs':{'choice':['x']} | Choice[field=structured_outputs.choice, texts=[x]]",
        "'structured_outputs':{'json_object':true} | JsonObject[field=structured_outputs.json_object]",
      })
  void formsOfAnswersAreRead(String field, String form) throws Exception {
    String body = "{'model':'m','messages':[{'role':'user','content':'x'}],%s}".formatted(field);
    // A quotation mark inside a text is written \\' here.
    String json = body.replace("\\'", "\u0001").replace('\'', '"').replace("\u0001", "\\\"");
    assertThat(
            OpenAiRequests.decodeChat(json.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .settings()
                .form()
                .toString())
        .isEqualTo(form);
  }

  @Test
  void nullsInSchemasOfToolsStay() throws Exception {
    ChatRequest request =
        chat(
            "'model':'m',"
                + HI
                + ",'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object','properties':"
                + "{'a':{'enum':[null,1]},'b':{'const':null},'c':{'default':null}}}}}]");

    assertThat(request.toolUse().tools().getFirst().parameters())
        .hasToString(
            "{type=object, properties={a={enum=[null, 1]}, b={const=null}, c={default=null}}}");
  }

  @Test
  void twoFormsAtOnceAreRefused() {
    assertThatThrownBy(() ->
            chat(
                "'model':'m','messages':[{'role':'user','content':'x'}],'guided_regex':'a','guided_choice':['b']"))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error().param()).contains("guided_choice"));
  }
}
