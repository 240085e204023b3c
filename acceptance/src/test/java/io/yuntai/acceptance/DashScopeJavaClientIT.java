package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.aigc.generation.GenerationResult;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.ResponseFormat;
import com.alibaba.dashscope.embeddings.TextEmbedding;
import com.alibaba.dashscope.embeddings.TextEmbeddingParam;
import com.alibaba.dashscope.embeddings.TextEmbeddingResult;
import com.alibaba.dashscope.exception.ApiException;
import com.alibaba.dashscope.tools.FunctionDefinition;
import com.alibaba.dashscope.tools.ToolCallFunction;
import com.alibaba.dashscope.tools.ToolFunction;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DashScope's official client against a real server process that runs a real model. */
class DashScopeJavaClientIT {
  private static final String MODEL = RealModels.QWEN;
  private static final String QUESTION = "Name three rivers of Europe.";

  private static Yuntai yuntai;
  private static Yuntai.Server server;
  private static Generation generation;

  @BeforeAll
  static void startServer() throws Exception {
    yuntai = Yuntai.withModels(MODEL);
    server = yuntai.up(MODEL);
    generation = new Generation("http", server.url() + "/api/v1");
  }

  @AfterAll
  static void stopServer() throws Exception {
    yuntai.down();
    yuntai.delete();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersAtOnceAndInAStreamOfPiecesOrOfAllSoFar(boolean incremental) throws Exception {
    GenerationResult whole = generation.call(ask(QUESTION).build());
    String text = content(whole);
    assertThat(text).isNotBlank();
    assertThat(whole.getUsage().getOutputTokens()).isEqualTo(16);
    assertThat(whole.getRequestId()).startsWith("req_");

    List<GenerationResult> pieces =
        generation
            .streamCall(ask(QUESTION).incrementalOutput(incremental).build())
            .toList()
            .blockingGet();
    String streamed =
        incremental
            ? pieces.stream().map(DashScopeJavaClientIT::content).reduce("", String::concat)
            : content(pieces.getLast());
    assertThat(streamed).isEqualTo(text);
    assertThat(pieces.getFirst().getOutput().getChoices().getFirst().getFinishReason())
        .isEqualTo("null");
    assertThat(pieces.getLast().getOutput().getChoices().getFirst().getFinishReason())
        .isEqualTo("length");
    assertThat(pieces.getLast().getUsage().getOutputTokens()).isEqualTo(16);
    assertThat(pieces.getFirst().getUsage().getInputTokens())
        .isEqualTo(whole.getUsage().getInputTokens());
  }

  @Test
  void answersInOneText() throws Exception {
    GenerationResult result =
        generation.call(
            GenerationParam.builder()
                .apiKey(server.key())
                .model(MODEL)
                .prompt("Count from one to one hundred in words.")
                .temperature(0f)
                .resultFormat(GenerationParam.ResultFormat.TEXT)
                .maxTokens(8)
                .build());
    assertThat(result.getOutput().getText()).isNotBlank();
    assertThat(result.getOutput().getFinishReason()).isEqualTo("length");
  }

  @Test
  void callsAToolAndTakesItsResult() throws Exception {
    GenerationResult called =
        generation.call(
            ask("What is the weather in Paris?")
                .maxTokens(64)
                .tools(List.of(weather()))
                .toolChoice(choice())
                .build());
    Message said = called.getOutput().getChoices().getFirst().getMessage();
    ToolCallFunction call = (ToolCallFunction) said.getToolCalls().getFirst();
    assertThat(call.getFunction().getName()).isEqualTo("get_weather");
    assertThat(JsonParser.parseString(call.getFunction().getArguments()).getAsJsonObject().keySet())
        .containsExactly("city");

    List<GenerationResult> pieces =
        generation
            .streamCall(
                ask("What is the weather in Paris?")
                    .maxTokens(64)
                    .incrementalOutput(false)
                    .tools(List.of(weather()))
                    .toolChoice(choice())
                    .build())
            .toList()
            .blockingGet();
    ToolCallFunction streamed =
        (ToolCallFunction)
            pieces
                .getLast()
                .getOutput()
                .getChoices()
                .getFirst()
                .getMessage()
                .getToolCalls()
                .getFirst();
    assertThat(streamed.getFunction().getArguments()).isEqualTo(call.getFunction().getArguments());

    GenerationResult answer =
        generation.call(
            ask("What is the weather in Paris?")
                .messages(
                    List.of(
                        message("user", "What is the weather in Paris?"),
                        said,
                        Message.builder()
                            .role("tool")
                            .content("Sunny, 21 degrees.")
                            .toolCallId(call.getId())
                            .build()))
                .tools(List.of(weather()))
                .build());
    assertThat(answer.getOutput().getChoices()).isNotEmpty();
  }

  @Test
  void anAnswerIsJsonWhereThatIsAskedFor() throws Exception {
    GenerationResult result =
        generation.call(
            ask("Ann is nine years old. Answer in JSON: how old is Ann?")
                .maxTokens(64)
                .responseFormat(ResponseFormat.from(ResponseFormat.JSON_OBJECT))
                .build());
    assertThat(content(result).strip()).startsWith("{");
  }

  @Test
  void errorsCarryDashScopesCodes() {
    ApiException unknown =
        catchThrowableOfType(
            ApiException.class, () -> generation.call(ask(QUESTION).model("nobody").build()));
    assertThat(unknown.getStatus().getStatusCode()).isEqualTo(404);
    assertThat(unknown.getStatus().getCode()).isEqualTo("ModelNotFound");
    ApiException wrongKey =
        catchThrowableOfType(
            ApiException.class, () -> generation.call(ask(QUESTION).apiKey("nobody").build()));
    assertThat(wrongKey.getStatus().getCode()).isEqualTo("InvalidApiKey");
    ApiException bad =
        catchThrowableOfType(
            ApiException.class, () -> generation.call(ask(QUESTION).temperature(9f).build()));
    assertThat(bad.getStatus().getCode()).isEqualTo("InvalidParameter");
    assertThat(bad.getStatus().getRequestId()).startsWith("req_");
    ApiException inAStream =
        catchThrowableOfType(
            ApiException.class,
            () -> generation.streamCall(ask(QUESTION).model("nobody").build()).blockingFirst());
    assertThat(inAStream.getStatus().getCode()).isEqualTo("ModelNotFound");
  }

  /** This client goes on reading when nobody listens to it any more, so it is not for long. */
  @Test
  void aStreamThatIsLeftDoesNotStandInTheWay() throws Exception {
    GenerationResult first =
        generation
            .streamCall(ask("Count from one to ten thousand.").maxTokens(100).build())
            .blockingFirst();
    assertThat(first.getOutput().getChoices()).isNotEmpty();
    GenerationResult next = generation.call(ask(QUESTION).maxTokens(4).build());
    assertThat(next.getUsage().getOutputTokens()).isEqualTo(4);
  }

  @Test
  void vectorsComeFromAModelForVectors() throws Exception {
    Yuntai other = Yuntai.withModels(RealModels.MINILM);
    Yuntai.Server vectors = other.up(RealModels.MINILM);
    try {
      TextEmbeddingResult result =
          new TextEmbedding(vectors.url() + "/api/v1")
              .call(
                  TextEmbeddingParam.builder()
                      .apiKey(vectors.key())
                      .model(RealModels.MINILM)
                      .texts(List.of("a river", "a mountain"))
                      .build());
      assertThat(result.getOutput().getEmbeddings()).hasSize(2);
      assertThat(result.getOutput().getEmbeddings().getLast().getEmbedding()).hasSize(384);
      assertThat(result.getUsage().getTotalTokens()).isPositive();
    } finally {
      other.down();
    }
    other.delete();
  }

  private static GenerationParam.GenerationParamBuilder<?, ?> ask(String question) {
    return GenerationParam.builder()
        .apiKey(server.key())
        .model(MODEL)
        .messages(List.of(message("user", question)))
        .resultFormat(GenerationParam.ResultFormat.MESSAGE)
        .temperature(0f)
        .maxTokens(16);
  }

  private static Message message(String role, String content) {
    return Message.builder().role(role).content(content).build();
  }

  private static String content(GenerationResult result) {
    return result.getOutput().getChoices().getFirst().getMessage().getContent();
  }

  private static ToolFunction weather() {
    return ToolFunction.builder()
        .function(
            FunctionDefinition.builder()
                .name("get_weather")
                .description("The weather of a city")
                .parameters(
                    JsonParser.parseString(
                            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}")
                        .getAsJsonObject())
                .build())
        .build();
  }

  private static JsonObject choice() {
    return JsonParser.parseString("{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}")
        .getAsJsonObject();
  }
}
