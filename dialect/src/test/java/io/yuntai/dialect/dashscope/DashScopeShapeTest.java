package io.yuntai.dialect.dashscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.dashscope.DashScopeTasks.Status;
import io.yuntai.dialect.dashscope.DashScopeTasks.Task;
import io.yuntai.dialect.testing.Streams;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DashScopeShapeTest {
  private static final AnswerHead HEAD =
      new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", false);
  private static final DashScopeFormat TEXT = new DashScopeFormat(false, false, false);
  private static final DashScopeFormat MESSAGE = new DashScopeFormat(true, true, false);
  private static final String USAGE =
      "\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7,\"output_tokens_details\":{\"reasoning_tokens\":1},\"prompt_tokens_details\":{\"cached_tokens\":2}}";

  @Test
  void answersAreOneTextOrMessagesOfChoices() {
    Answer answer =
        new Answer(
            HEAD,
            List.of(
                new Answer.Choice(
                    "hm",
                    "a",
                    List.of(new ToolCall("c1", "f", "{}")),
                    List.of(),
                    FinishReason.TOOL_CALLS)),
            new Usage(3, 2, 4, 1));

    assertThat(text(DashScopeAnswers.encode(answer, TEXT, "r")))
        .isEqualTo(
            "{\"request_id\":\"r\",\"output\":{\"text\":\"a\",\"reasoning_content\":\"hm\",\"finish_reason\":\"tool_calls\"},"
                + USAGE
                + "}");
    assertThat(text(DashScopeAnswers.encode(answer, MESSAGE, "r")))
        .isEqualTo(
            "{\"request_id\":\"r\",\"output\":{\"text\":null,\"finish_reason\":null,\"choices\":[{\"index\":0,\"finish_reason\":\"tool_calls\","
                + "\"message\":{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_content\":\"hm\",\"tool_calls\":["
                + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]},"
                + USAGE
                + "}");
    assertThat(text(DashScopeAnswers.encode(answer, new DashScopeFormat(true, false, true), "r")))
        .contains("\"content\":[{\"text\":\"a\"}]");
  }

  @ParameterizedTest
  @CsvSource({"true,b", "false,ab"})
  void eachPieceHasAStatusAndTheUsageSoFar(boolean incremental, String second) {
    String stream =
        text(
            Streams.written(
                new DashScopeStream(HEAD, new DashScopeFormat(false, incremental, false), "r"),
                List.of(
                    new AnswerEvent.Counted(new Usage(3, 0, 0, 0)),
                    new AnswerEvent.Started(0),
                    new AnswerEvent.Counted(new Usage(3, 0, 1, 0)),
                    new AnswerEvent.Delta(0, "a", List.of()),
                    new AnswerEvent.Counted(new Usage(3, 0, 2, 0)),
                    new AnswerEvent.Delta(0, "b", List.of()),
                    new AnswerEvent.ChoiceFinished(0, FinishReason.STOP),
                    new AnswerEvent.Finished(new Usage(3, 2, 4, 1)))));

    assertThat(stream)
        .startsWith(
            "id:1\nevent:result\n:HTTP_STATUS/200\ndata:{\"output\":{\"text\":\"a\",\"finish_reason\":\"null\"},\"usage\":{\"input_tokens\":3,\"output_tokens\":1,")
        .contains("\n\nid:2\n", "{\"text\":\"" + second + "\",\"finish_reason\":\"null\"}")
        .endsWith(
            "id:3\nevent:result\n:HTTP_STATUS/200\ndata:{\"output\":{\"text\":\""
                + (incremental ? "" : "ab")
                + "\",\"finish_reason\":\"stop\"},"
                + USAGE
                + ",\"request_id\":\"r\"}\n\n");
  }

  @Test
  void aStreamThatBreaksOffSaysWhy() {
    assertThat(
            text(
                new DashScopeStream(HEAD, TEXT, "r")
                    .encode(new AnswerEvent.Failed(ApiError.internal("It failed.")))))
        .isEqualTo(
            "id:1\nevent:error\n:HTTP_STATUS/500\ndata:{\"code\":\"InternalError\",\"message\":\"It failed.\",\"request_id\":\"r\"}\n\n");
  }

  @Test
  void promptsAndRoundsAreAConversation() throws Exception {
    ChatRequest request =
        decode(
                "'model':'m','input':{'prompt':'now','history':[{'user':'a','bot':'b'}]},"
                    + "'parameters':{'stop':[[1,2],3],'top_k':-1,'unknown':1}")
            .request();
    assertThat(request.messages())
        .containsExactly(
            Message.of(Role.USER, "a"),
            Message.of(Role.ASSISTANT, "b"),
            Message.of(Role.USER, "now"));
    assertThat(
            decode("'model':'m','input':{'prompt':'x'},'parameters':{'stop':[[1,2],[3]]}")
                .stopTokens())
        .containsExactly(List.of(1, 2), List.of(3));
    assertThat(decode("'model':'m','input':{'prompt':'x'}").format()).isEqualTo(TEXT);
  }

  @Test
  void parametersAreRead() throws Exception {
    DashScopeCall call =
        decode(
            "'model':'m','input':{'messages':[{'role':'user','content':[{'text':'x'},{'type':'text','text':'y'}]}]},"
                + "'parameters':{'result_format':'message','incremental_output':true,'enable_thinking':true,"
                + "'thinking_budget':7,'tools':[{'type':'function','function':{'name':'f'}}],'stop':'s','enable_search':false}");
    assertThat(call.format()).isEqualTo(MESSAGE);
    assertThat(call.request().messages()).containsExactly(Message.of(Role.USER, "x\ny"));
    assertThat(call.request().thinking())
        .isEqualTo(new Thinking.On(Thinking.Effort.UNSPECIFIED, OptionalInt.of(7)));
    assertThat(call.request().toolUse().parallel()).isFalse();
    assertThat(call.request().settings().stop()).containsExactly("s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'input':{'prompt':'x'}|model|BadRequest.EmptyModel",
        "'model':'m'|input|BadRequest.EmptyInput",
        "'model':'m','input':{}|input.messages|InvalidParameter",
        "'model':'m','input':{'messages':[{'role':'user','content':[{'image':'u'}]}]}|input.messages[0].content[0].image|InvalidParameter",
        "'model':'m','input':{'messages':[{'role':'bot','content':'x'}]}|input.messages[0].role|InvalidParameter",
        "'model':'m','input':{'messages':[{'role':'user','content':'x','partial':true}]}|input.messages[0].partial|InvalidParameter",
        "'model':'m','input':{'prompt':'x'},'parameters':{'enable_search':true}|parameters.enable_search|InvalidParameter",
        "'model':'m','input':{'prompt':'x'},'parameters':{'result_format':'xml'}|parameters.result_format|InvalidParameter",
        "'model':'m','input':{'prompt':'x'},'parameters':{'temperature':3}|parameters.temperature|InvalidParameter",
      })
  void whatCanNotBeDoneIsRefusedByName(String fields, String param, String code) {
    assertThatThrownBy(() -> decode(fields))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().param()).contains(param);
              assertThat(text(DashScopeErrors.encode(e.error(), "r")))
                  .startsWith("{\"code\":\"" + code + "\",\"message\":\"")
                  .endsWith(",\"request_id\":\"r\"}");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "401,invalid_api_key,InvalidApiKey",
    "403,x,AccessDenied",
    "404,model_not_found,ModelNotFound",
    "429,rate_limit_exceeded,Throttling.RateQuota",
    "429,insufficient_quota,Throttling.AllocationQuota",
    "500,internal_error,InternalError"
  })
  void errorsHaveDashScopesCodes(int status, String code, String theirs) {
    ApiError error = ApiError.invalidRequest(status, code, "It is so.");
    byte[] body = DashScopeErrors.encode(error, "r");
    assertThat(text(body)).contains("\"code\":\"" + theirs + "\"");
    assertThat(DashScopeErrors.decode(status, body).message()).isEqualTo("It is so.");
    assertThat(text(DashScopeErrors.encodeCompatible(ApiError.tooMany("Slow.", 1), "r")))
        .isEqualTo(
            "{\"error\":{\"message\":\"Slow.\",\"type\":\"limit_requests\",\"param\":null,\"code\":\"limit_requests\"},\"request_id\":\"r\"}");
  }

  @Test
  void vectorsAndOrdersHaveDashScopesShape() {
    assertThat(
            text(
                DashScopeAnswers.encode(
                    new EmbeddingAnswer(
                        "m", List.of(new float[] {0.5f, -1}), false, Usage.ofPrompt(3)),
                    "r")))
        .isEqualTo(
            "{\"request_id\":\"r\",\"output\":{\"embeddings\":[{\"text_index\":0,\"embedding\":[0.5,-1.0]}]},\"usage\":{\"total_tokens\":3}}");
    assertThat(
            text(
                DashScopeAnswers.encode(
                    new RerankAnswer(
                        "i",
                        "m",
                        List.of(new RerankAnswer.Result(1, 0.5, Optional.of("d"))),
                        Usage.ofPrompt(3)),
                    "r")))
        .isEqualTo(
            "{\"request_id\":\"r\",\"output\":{\"results\":[{\"index\":1,\"relevance_score\":0.5,\"document\":{\"text\":\"d\"}}]},\"usage\":{\"total_tokens\":3}}");
  }

  @Test
  void aTaskThatSucceededHoldsTheAnswersOutputAndUsage() {
    Task task =
        new Task(
            "t",
            Status.SUCCEEDED,
            Instant.EPOCH,
            Optional.of(Instant.EPOCH.plusSeconds(1)),
            Optional.of(
                "{\"request_id\":\"q\",\"output\":{\"text\":\"é\"},\"usage\":{\"total_tokens\":3}}"
                    .getBytes(StandardCharsets.UTF_8)),
            Optional.empty());
    assertThat(text(DashScopeTasks.encode(task, ZoneOffset.UTC, "r")))
        .isEqualTo(
            "{\"request_id\":\"r\",\"output\":{\"task_id\":\"t\",\"task_status\":\"SUCCEEDED\",\"submit_time\":\"1970-01-01 00:00:00.000\",\"end_time\":\"1970-01-01 00:00:01.000\",\"text\":\"é\"},\"usage\":{\"total_tokens\":3}}");
  }

  private static DashScopeCall decode(String fields) throws ApiException {
    return DashScopeRequests.decode(
        ("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8), false, false);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
