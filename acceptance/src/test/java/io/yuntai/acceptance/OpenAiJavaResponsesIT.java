package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.ToolChoiceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's official client and the Responses API, and answers of a class's form by both APIs. */
class OpenAiJavaResponsesIT {
  private static final String MODEL = RealModels.QWEN;
  private static final String QUESTION = "Name three rivers of Europe.";
  private static final String WEATHER = "What is the weather in Paris?";

  private static Yuntai yuntai;
  private static Yuntai.Server server;
  private static OpenAIClient client;

  @BeforeAll
  static void startServer() throws Exception {
    yuntai = Yuntai.withModels(MODEL);
    server = yuntai.up(MODEL);
    client = clientWith(server.key());
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close();
    yuntai.down();
    yuntai.delete();
  }

  /** What the client makes a schema of. */
  static class Person {
    public String name = "";
    public int age;
  }

  @Test
  void aStreamSaysWhatTheWholeResponseSays() {
    ResponseCreateParams request = ask(QUESTION).temperature(0).maxOutputTokens(16).build();
    Response whole = client.responses().create(request).validate();
    assertThat(text(whole)).isNotBlank();
    assertThat(whole.status()).contains(ResponseStatus.INCOMPLETE);
    assertThat(whole.usage().orElseThrow().outputTokens()).isEqualTo(16);

    List<String> pieces = new ArrayList<>();
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(request)) {
      for (ResponseStreamEvent event : (Iterable<ResponseStreamEvent>) events.stream()::iterator) {
        event.validate();
        accumulator.accumulate(event);
        event.outputTextDelta().ifPresent(delta -> pieces.add(delta.delta()));
      }
    }
    Response streamed = accumulator.response();
    assertThat(String.join("", pieces)).isEqualTo(text(whole));
    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.usage()).map(usage -> usage.outputTokens()).contains(16L);
  }

  @Test
  void aConversationStaysWithTheServer() {
    Response first =
        client.responses().create(ask("My name is Ada.").maxOutputTokens(8).build()).validate();
    assertThat(text(client.responses().retrieve(first.id()))).isEqualTo(text(first));
    Response second =
        client
            .responses()
            .create(
                ask("What is my name?")
                    .previousResponseId(first.id())
                    .temperature(0)
                    .maxOutputTokens(24)
                    .build());
    assertThat(text(second)).contains("Ada");
    assertThat(second.previousResponseId()).contains(first.id());
    assertThat(client.responses().inputItems().list(second.id()).items()).hasSize(1);

    client.responses().delete(first.id());
    assertThat(
            catchThrowableOfType(
                NotFoundException.class, () -> client.responses().retrieve(first.id())))
        .hasMessageContaining(first.id());
  }

  @Test
  void callsAToolAndTakesItsResult() {
    ResponseCreateParams request =
        ask(WEATHER).addTool(weather()).toolChoice(ToolChoiceOptions.REQUIRED).build();
    Response called = client.responses().create(request).validate();
    ResponseFunctionToolCall call = call(called);
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(JsonMapper.shared().readTree(call.arguments()).has("city")).isTrue();

    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(request)) {
      events.stream().forEach(accumulator::accumulate);
    }
    assertThat(call(accumulator.response()).name()).isEqualTo("get_weather");

    ResponseInputItem result =
        ResponseInputItem.ofFunctionCallOutput(
            ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("Sunny, 21 degrees.")
                .build());
    Response answer =
        client
            .responses()
            .create(
                ResponseCreateParams.builder()
                    .model(MODEL)
                    .previousResponseId(called.id())
                    .inputOfResponse(List.of(result))
                    .addTool(weather())
                    .toolChoice(ToolChoiceOptions.NONE)
                    .maxOutputTokens(24)
                    .build())
            .validate();
    assertThat(text(answer)).isNotBlank();
  }

  @Test
  void anAnswerIsAnObjectOfTheClassThatIsAskedFor() {
    String question = "Ann is 9 years old. Who is it?";
    StructuredResponse<Person> response =
        client
            .responses()
            .create(ask(question).temperature(0).maxOutputTokens(64).text(Person.class).build());
    Person one =
        response.output().stream()
            .flatMap(item -> item.message().stream())
            .flatMap(message -> message.content().stream())
            .flatMap(content -> content.outputText().stream())
            .findFirst()
            .orElseThrow();
    assertThat(one.age).isEqualTo(9);

    Person other =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(MODEL)
                    .addUserMessage(question)
                    .temperature(0)
                    .maxCompletionTokens(64)
                    .responseFormat(Person.class)
                    .build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(other.age).isEqualTo(9);
  }

  @Test
  void errorsAreTheClientsOwnExceptions() {
    assertThat(
            catchThrowableOfType(
                    NotFoundException.class,
                    () -> client.responses().create(ask(QUESTION).model("nobody").build()))
                .code())
        .contains("model_not_found");
    assertThat(
            catchThrowableOfType(
                    BadRequestException.class,
                    () ->
                        client
                            .responses()
                            .create(ask(QUESTION).previousResponseId("resp_none").build()))
                .code())
        .contains("previous_response_not_found");
    OpenAIClient stranger = clientWith("nobody");
    assertThat(
            catchThrowableOfType(
                UnauthorizedException.class,
                () -> {
                  try (var events = stranger.responses().createStreaming(ask(QUESTION).build())) {
                    assertThat(events.stream()).isEmpty();
                  }
                }))
        .isNotNull();
    stranger.close();
  }

  @Test
  void aStreamThatIsLeftStopsAndTheNextRequestIsAnswered() {
    ResponseCreateParams endless =
        ask("Count from one to ten thousand.").maxOutputTokens(3000).build();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(endless)) {
      Iterator<ResponseStreamEvent> events = stream.stream().iterator();
      while (events.hasNext() && !events.next().isOutputTextDelta()) {
        // Until the first text.
      }
    }
    Response next = client.responses().create(ask(QUESTION).maxOutputTokens(4).build());
    assertThat(next.usage().orElseThrow().outputTokens()).isBetween(1L, 4L);
  }

  private static OpenAIClient clientWith(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .timeout(Duration.ofMinutes(2))
        .build();
  }

  private static ResponseCreateParams.Builder ask(String question) {
    return ResponseCreateParams.builder().model(MODEL).input(question);
  }

  private static FunctionTool weather() {
    return FunctionTool.builder()
        .name("get_weather")
        .description("The weather of a city")
        .strict(true)
        .parameters(
            FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty(
                    "properties",
                    JsonValue.from(
                        Map.of("city", Map.of("type", "string", "minLength", 1, "maxLength", 40))))
                .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                .build())
        .build();
  }

  private static String text(Response response) {
    StringBuilder text = new StringBuilder();
    response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .forEach(part -> text.append(part.text()));
    return text.toString();
  }

  private static ResponseFunctionToolCall call(Response response) {
    return response.output().stream()
        .filter(ResponseOutputItem::isFunctionCall)
        .map(ResponseOutputItem::asFunctionCall)
        .findFirst()
        .orElseThrow();
  }
}
