package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.Usage;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's official client against a real server process that runs a real model. */
class AnthropicJavaClientIT {
  private static final String MODEL = RealModels.QWEN;
  private static final String QUESTION = "Name three rivers of Europe.";
  private static final String WEATHER = "What is the weather in Paris?";

  private static Yuntai yuntai;
  private static Yuntai.Server server;
  private static AnthropicClient client;

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

  @Test
  void answersAtOnceAndInAStreamAndCountsTheSame() {
    MessageCreateParams request = likeliest(ask(QUESTION).maxTokens(16)).build();
    Message whole = client.messages().create(request).validate();
    assertThat(text(whole)).isNotBlank();
    assertThat(whole.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(whole.usage().outputTokens()).isEqualTo(16);

    Message streamed = streamed(request);
    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(streamed.usage().outputTokens()).isEqualTo(16);

    long counted =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder().model(MODEL).addUserMessage(QUESTION).build())
            .inputTokens();
    assertThat(input(whole.usage())).isEqualTo(counted);
    assertThat(input(streamed.usage())).isEqualTo(counted);
  }

  @Test
  void aPromptThatWasThereBeforeIsReadFromTheCache() {
    MessageCreateParams request =
        ask("Which of these words is an animal? " + "stone tree cloud ".repeat(80) + "dog")
            .maxTokens(2)
            .build();
    Message first = client.messages().create(request);
    Message second = client.messages().create(request);
    assertThat(second.usage().cacheReadInputTokens().orElseThrow()).isPositive();
    assertThat(input(second.usage())).isEqualTo(input(first.usage()));
  }

  @Test
  void callsAToolAndTakesItsResult() throws Exception {
    MessageCreateParams request =
        ask(WEATHER)
            .maxTokens(64)
            .addTool(weather())
            .toolChoice(ToolChoiceAny.builder().disableParallelToolUse(true).build())
            .build();
    Message called = client.messages().create(request).validate();
    assertThat(called.stopReason()).contains(StopReason.TOOL_USE);
    ToolUseBlock use = use(called);
    assertThat(use.name()).isEqualTo("get_weather");
    assertThat(use._input().toString()).contains("city");

    ToolUseBlock streamed = use(streamed(request));
    assertThat(streamed.name()).isEqualTo("get_weather");
    assertThat(streamed._input().toString()).contains("city");

    Message answer =
        client
            .messages()
            .create(
                likeliest(ask(WEATHER).maxTokens(24))
                    .addTool(weather())
                    .addMessage(called.toParam())
                    .addUserMessageOfContentBlockParams(
                        List.of(
                            ContentBlockParam.ofToolResult(
                                ToolResultBlockParam.builder()
                                    .toolUseId(use.id())
                                    .content("Sunny, 21 degrees.")
                                    .build())))
                    .build());
    assertThat(answer.content()).isNotEmpty();
  }

  @Test
  void anAnswerHasTheFormThatIsAskedFor() {
    Message shaped =
        client
            .messages()
            .create(
                ask("Ann is nine years old. How old is Ann?")
                    .maxTokens(32)
                    .outputConfig(
                        OutputConfig.builder()
                            .format(
                                JsonOutputFormat.builder()
                                    .schema(
                                        JsonOutputFormat.Schema.builder()
                                            .additionalProperties(
                                                Map.of(
                                                    "type",
                                                    JsonValue.from("object"),
                                                    "properties",
                                                    JsonValue.from(
                                                        Map.of(
                                                            "age",
                                                            Map.of(
                                                                "type", "integer", "minimum", 0,
                                                                "maximum", 150))),
                                                    "required",
                                                    JsonValue.from(List.of("age")),
                                                    "additionalProperties",
                                                    JsonValue.from(false)))
                                            .build())
                                    .build())
                            .build())
                    .build());
    assertThat(JsonMapper.shared().readTree(text(shaped)).get("age").isInt()).isTrue();
  }

  @Test
  void errorsAreTheClientsOwnExceptions() {
    assertThat(
            catchThrowableOfType(
                NotFoundException.class,
                () -> client.messages().create(ask(QUESTION).model("nobody").maxTokens(1).build())))
        .hasMessageContaining("nobody");
    assertThat(
            catchThrowableOfType(
                BadRequestException.class,
                () ->
                    client
                        .messages()
                        .create(
                            ask(QUESTION)
                                .maxTokens(1)
                                .putAdditionalBodyProperty("temperature", JsonValue.from(0.5))
                                .build())))
        .hasMessageContaining("2026-10-21");
    AnthropicClient wrong = clientWith("nobody");
    assertThat(
            catchThrowableOfType(
                UnauthorizedException.class,
                () -> wrong.messages().create(ask(QUESTION).maxTokens(1).build())))
        .isNotNull();
    wrong.close();
  }

  @Test
  void aStreamThatIsLeftStopsAndTheNextRequestIsAnswered() {
    MessageCreateParams endless = ask("Count from one to ten thousand.").maxTokens(3000).build();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(endless)) {
      Iterator<RawMessageStreamEvent> events = stream.stream().iterator();
      while (events.hasNext() && !events.next().isContentBlockDelta()) {
        // Until the first text.
      }
    }
    Message next = client.messages().create(ask(QUESTION).maxTokens(4).build());
    assertThat(next.usage().outputTokens()).isBetween(1L, 4L);
  }

  private static AnthropicClient clientWith(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(server.url() + "/anthropic")
        .apiKey(key)
        .maxRetries(0)
        .timeout(Duration.ofMinutes(2))
        .build();
  }

  private static MessageCreateParams.Builder ask(String question) {
    return MessageCreateParams.builder().model(MODEL).addUserMessage(question);
  }

  /** Only the older version has a temperature, and so answers that are alike. */
  private static MessageCreateParams.Builder likeliest(MessageCreateParams.Builder request) {
    return request
        .replaceAdditionalHeaders("anthropic-version", "2023-06-01")
        .putAdditionalBodyProperty("temperature", JsonValue.from(0));
  }

  private static Tool weather() {
    return Tool.builder()
        .name("get_weather")
        .description("The weather of a city")
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(
                    Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty(
                            "city", JsonValue.from(Map.of("type", "string", "maxLength", 30)))
                        .build())
                .addRequired("city")
                .build())
        .build();
  }

  private static Message streamed(MessageCreateParams request) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(request)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  private static String text(Message message) {
    return message.content().stream()
        .filter(ContentBlock::isText)
        .map(block -> block.asText().text())
        .reduce("", String::concat);
  }

  private static ToolUseBlock use(Message message) {
    return message.content().stream()
        .filter(ContentBlock::isToolUse)
        .map(ContentBlock::asToolUse)
        .findFirst()
        .orElseThrow();
  }

  private static long input(Usage usage) {
    return usage.inputTokens() + usage.cacheReadInputTokens().orElse(0L);
  }
}
