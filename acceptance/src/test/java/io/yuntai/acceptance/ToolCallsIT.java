package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Calls of tools by a real model through the official client. */
class ToolCallsIT {
  private static final String MODEL = RealModels.QWEN;
  private static final long SEED = Long.getLong("yuntai.seed", 1);
  private static final int CONVERSATIONS = Integer.getInteger("yuntai.conversations", 12);
  private static final JsonMapper JSON = new JsonMapper();

  private static final Map<String, Map<String, Object>> TOOLS =
      Map.of(
          "get_weather",
          object(
              Map.of(
                  "city", Map.of("type", "string", "minLength", 1, "maxLength", 40),
                  "unit", Map.of("enum", List.of("celsius", "fahrenheit")),
                  "days", Map.of("type", "integer", "minimum", 1, "maximum", 7)),
              List.of("city", "unit")),
          "add",
          object(
              Map.of("a", Map.of("type", "number"), "b", Map.of("type", "number")),
              List.of("a", "b")),
          "book_table",
          object(
              Map.of(
                  "when", Map.of("type", "string", "format", "date"),
                  "guests",
                      Map.of(
                          "type",
                          "array",
                          "items",
                          Map.of("type", "string", "maxLength", 20),
                          "minItems",
                          1,
                          "maxItems",
                          4),
                  "outside", Map.of("type", "boolean")),
              List.of("when", "guests")),
          "find",
          object(
              Map.of(
                  "code", Map.of("type", "string", "pattern", "^[A-Z]{2}-[0-9]{4}$"),
                  "limit", Map.of("anyOf", List.of(Map.of("type", "null"), Map.of("const", 5)))),
              List.of("code", "limit")));

  private static final List<String> QUESTIONS =
      List.of(
          "What is the weather in Lisbon for three days?",
          "Add 17.5 and 4.",
          "Book a table for Ana and Ben on the first of May.",
          "Find the parts AB-1234 and XY-0001.",
          "Tell me a joke, then add 1 and 2.");

  private static Yuntai yuntai;
  private static OpenAIClient client;

  @BeforeAll
  static void startServer() throws Exception {
    yuntai = Yuntai.withModels(MODEL);
    Yuntai.Server server = yuntai.up(MODEL);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey(server.key())
            .timeout(Duration.ofMinutes(5))
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close();
    yuntai.down();
    yuntai.delete();
  }

  @Test
  void aCallStreamsAndItsAnswerComesBack() {
    ChatCompletionCreateParams.Builder ask =
        request("What is 2 + 3?", "add")
            .temperature(0)
            .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(ask.build())) {
      chunks.stream().forEach(accumulator::accumulate);
    }
    ChatCompletion.Choice choice = accumulator.chatCompletion().choices().getFirst();
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    List<ChatCompletionMessageFunctionToolCall> calls = calls(choice);
    assertThat(calls).isNotEmpty();
    assertThat(calls.getFirst().function().name()).isEqualTo("add");
    assertValid(calls.getFirst());

    ask.addMessage(choice.message()).toolChoice(ChatCompletionToolChoiceOption.Auto.NONE);
    for (ChatCompletionMessageFunctionToolCall call : calls) {
      ask.addMessage(
          ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content("5").build());
    }
    ChatCompletion answer = client.chat().completions().create(ask.build());
    assertThat(answer.choices().getFirst().message().content().orElse("")).contains("5");
  }

  /**
   * {@code -Dyuntai.conversations=200} for more; every call is of a tool that was offered, and its
   * arguments satisfy the tool's schema, as another implementation judges it.
   */
  @Test
  void argumentsAlwaysSatisfyTheirSchema() {
    Random random = new Random(SEED);
    int called = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      boolean required = random.nextInt(4) != 0;
      ChatCompletion answer =
          client
              .chat()
              .completions()
              .create(
                  request(
                          QUESTIONS.get(random.nextInt(QUESTIONS.size())),
                          TOOLS.keySet().toArray(String[]::new))
                      .temperature(1)
                      .putAdditionalBodyProperty("seed", JsonValue.from(random.nextInt(1 << 30)))
                      .parallelToolCalls(random.nextBoolean())
                      .toolChoice(
                          required
                              ? ChatCompletionToolChoiceOption.Auto.REQUIRED
                              : ChatCompletionToolChoiceOption.Auto.AUTO)
                      .maxCompletionTokens(400)
                      .build());
      ChatCompletion.Choice choice = answer.choices().getFirst();
      List<ChatCompletionMessageFunctionToolCall> calls = calls(choice);
      boolean cut = choice.finishReason().equals(ChatCompletion.Choice.FinishReason.LENGTH);
      assertThat(!required || !calls.isEmpty()).as("conversation %d", i).isTrue();
      // Only the last call of an answer that was cut may be unfinished.
      calls
          .subList(0, cut && !calls.isEmpty() ? calls.size() - 1 : calls.size())
          .forEach(ToolCallsIT::assertValid);
      called += calls.size();
    }
    System.out.printf("%d conversations, %d calls, seed %d%n", CONVERSATIONS, called, SEED);
  }

  private static void assertValid(ChatCompletionMessageFunctionToolCall call) {
    Map<String, Object> parameters = TOOLS.get(call.function().name());
    assertThat(parameters).as(call.function().name()).isNotNull();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JSON.writeValueAsString(parameters), InputFormat.JSON);
    assertThat(schema.validate(call.function().arguments(), InputFormat.JSON))
        .as("%s(%s)", call.function().name(), call.function().arguments())
        .isEmpty();
  }

  private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion.Choice choice) {
    return choice.message().toolCalls().orElse(List.of()).stream()
        .map(call -> call.asFunction())
        .toList();
  }

  private static ChatCompletionCreateParams.Builder request(String question, String... tools) {
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(question);
    for (String name : tools) {
      FunctionParameters.Builder parameters = FunctionParameters.builder();
      Objects.requireNonNull(TOOLS.get(name))
          .forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
      request.addTool(
          ChatCompletionFunctionTool.builder()
              .function(
                  FunctionDefinition.builder()
                      .name(name)
                      .parameters(parameters.build())
                      .strict(true)
                      .build())
              .build());
    }
    return request;
  }

  private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
    return Map.of(
        "type",
        "object",
        "properties",
        properties,
        "required",
        required,
        "additionalProperties",
        false);
  }
}
