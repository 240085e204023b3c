package io.yuntai.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.RandomBytes;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OllamaShapeTest {
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", false);
  private static final String CHAT =
      "'model':'m','think':'high','format':{'type':'object'},'keep_alive':'5m','messages':["
          + "{'role':'system','content':'s'},{'role':'user','content':'u'},"
          + "{'role':'assistant','content':'','thinking':'t','tool_calls':[{'function':{'name':'f','arguments':{'a':1}}},"
          + "{'function':{'name':'g','arguments':{}}}]},"
          + "{'role':'tool','tool_name':'f','content':'r'},{'role':'tool','content':'q'}],"
          + "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}],"
          + "'options':{'temperature':0.5,'num_predict':7,'seed':1,'stop':['x'],'num_ctx':9,'repeat_penalty':1.0}";

  @Test
  void aConversationIsReadAndCallsFindTheirAnswers() throws Exception {
    OllamaCall.Generate call = (OllamaCall.Generate) decodeChat(CHAT);
    ChatRequest request = (ChatRequest) call.request();

    assertThat(call.stream()).isTrue();
    assertThat(request.messages())
        .extracting(Message::content)
        .containsExactly("s", "u", "", "r", "q");
    assertThat(request.messages().get(2).toolCalls())
        .containsExactly(
            new ToolCall("call_0", "f", "{\"a\":1}"), new ToolCall("call_1", "g", "{}"));
    assertThat(request.messages().get(3).toolCallId()).contains("call_0");
    assertThat(request.messages().get(4).toolCallId()).contains("call_1");
    assertThat(request.thinking()).isInstanceOf(Thinking.On.class);
    assertThat(request.settings().form()).isInstanceOf(AnswerForm.JsonSchema.class);
    assertThat(request.settings().maxTokens()).hasValue(7);
    assertThat(request.settings().topK()).isEqualTo(40);
    assertThat(request.settings().temperature()).isEqualTo(0.5);
  }

  @Test
  void promptsAreConversationsUnlessTheyAreRaw() throws Exception {
    OllamaCall.Generate plain =
        (OllamaCall.Generate)
            decodeGenerate("'model':'m','prompt':'p','system':'s','stream':false");
    assertThat(plain.stream()).isFalse();
    assertThat(((ChatRequest) plain.request()).messages())
        .containsExactly(Message.of(Role.SYSTEM, "s"), Message.of(Role.USER, "p"));
    OllamaCall.Generate raw =
        (OllamaCall.Generate) decodeGenerate("'model':'m','prompt':'p','raw':true");
    assertThat(raw.request()).isInstanceOf(CompletionRequest.class);
    assertThat(decodeGenerate("'model':'m','keep_alive':0"))
        .isEqualTo(new OllamaCall.Load("m", false, true));
    assertThat(decodeChat("'model':'m','messages':[]"))
        .isEqualTo(new OllamaCall.Load("m", true, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'model':'m','prompt':'p','template':'t'|template",
        "'model':'m','prompt':'p','suffix':'t'|suffix",
        "'model':'m','prompt':'p','context':[1]|context",
        "'model':'m','prompt':'p','images':['x']|images",
        "'model':'m','prompt':'p','options':{'repeat_penalty':0}|options.repeat_penalty",
        "'model':'m','prompt':'p','options':{'mirostat':2}|options.mirostat",
        "'model':'m','prompt':'p','format':'xml'|format",
        "'prompt':'p'|model"
      })
  void whatCanNotBeDoneIsRefusedByName(String fields, String param) {
    assertThatThrownBy(() -> decodeGenerate(fields))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error().param()).contains(param));
  }

  @Test
  void textsAreCutOnlyWhereThatIsAskedFor() throws Exception {
    assertThat(OllamaRequests.decodeEmbed(json("'model':'m','input':'a'")).truncation())
        .isEqualTo(new Truncation.Refuse());
    assertThat(
            OllamaRequests.decodeEmbed(json("'model':'m','input':['a','b'],'truncate':true"))
                .truncation())
        .isEqualTo(new Truncation.ToContext());
  }

  @Test
  void aStreamIsALineAPiece() {
    assertThat(written(true, true))
        .isEqualTo(
            """
            {"model":"m","created_at":"1970-01-01T00:00:02Z","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
            {"model":"m","created_at":"1970-01-01T00:00:03Z","message":{"role":"assistant","content":"é"},"done":false}
            {"model":"m","created_at":"1970-01-01T00:00:04Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"a": 1}}}]},"done":false}
            {"model":"m","created_at":"1970-01-01T00:00:06Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",\
            "total_duration":5000000000,"load_duration":0,"prompt_eval_count":3,"prompt_eval_duration":1000000000,"eval_count":4,"eval_duration":4000000000}
            """);
  }

  @Test
  void aWholeAnswerIsOneObject() {
    assertThat(written(false, false))
        .isEqualTo(
            """
            {"model":"m","created_at":"1970-01-01T00:00:03Z","response":"é","thinking":"hm",\
            "tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"a": 1}}}],\
            "done":true,"done_reason":"stop",\
            "total_duration":2000000000,"load_duration":0,"prompt_eval_count":3,"prompt_eval_duration":1000000000,"eval_count":4,"eval_duration":1000000000}
            """);
  }

  @Test
  void errorsAreASentence() {
    assertThat(text(OllamaErrors.encode(ApiError.internal("It \"failed\"."))))
        .isEqualTo("{\"error\":\"It \\\"failed\\\".\"}");
  }

  @Test
  void damagedRequestsAreReadOrRefused() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    RandomBytes values = new RandomBytes(random);
    byte[] chat = json(CHAT);
    byte[] prompt =
        json(
            "'model':'m','prompt':'p','system':'s','stream':false,'think':true,'format':'json','options':{'top_k':3,'stop':'x'}");
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = values.damaged(random.nextBoolean() ? chat : prompt);
      try {
        OllamaCall call =
            random.nextBoolean()
                ? OllamaRequests.decodeChat(body)
                : OllamaRequests.decodeGenerate(body);
        assertThat(call).isNotNull();
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isEqualTo(400);
        assertThat(OllamaErrors.encode(e.error())).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  private static String written(boolean chat, boolean pieces) {
    return text(
        Streams.written(
            new OllamaStream(HEAD, chat, pieces, ticking()),
            List.of(
                new AnswerEvent.Counted(new Usage(3, 0, 0, 0)),
                new AnswerEvent.Started(0),
                new AnswerEvent.Reasoning(0, "hm"),
                new AnswerEvent.Delta(0, "é", List.of()),
                new AnswerEvent.CallStarted(0, 0, "c1", "f"),
                new AnswerEvent.CallArguments(0, 0, "{\"a\": "),
                new AnswerEvent.CallArguments(0, 0, "1}"),
                new AnswerEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS),
                new AnswerEvent.Finished(new Usage(3, 0, 4, 1)))));
  }

  /** A second later each time it is asked. */
  private static InstantSource ticking() {
    int[] seconds = {0};
    return () -> Instant.ofEpochSecond(seconds[0]++);
  }

  private static OllamaCall decodeChat(String fields) throws ApiException {
    return OllamaRequests.decodeChat(json(fields));
  }

  private static OllamaCall decodeGenerate(String fields) throws ApiException {
    return OllamaRequests.decodeGenerate(json(fields));
  }

  private static byte[] json(String fields) {
    return ("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
