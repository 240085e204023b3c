package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** LangChain4j's module for OpenAI, as published, against a real server process. */
class LangChain4jIT {
  private static final String MODEL = RealModels.QWEN;
  private static final String QUESTION = "Name three rivers of Europe.";

  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("get_weather")
          .description("The weather of a city")
          .parameters(
              JsonObjectSchema.builder()
                  .addStringProperty("city")
                  .required("city")
                  .additionalProperties(false)
                  .build())
          .build();

  private static Yuntai yuntai;
  private static Yuntai.Server server;

  @BeforeAll
  static void startServer() throws Exception {
    yuntai = Yuntai.withModels(MODEL, RealModels.MINILM);
    server = yuntai.up(MODEL, RealModels.MINILM);
  }

  @AfterAll
  static void stopServer() throws Exception {
    yuntai.down();
    yuntai.delete();
  }

  /** What an answer is to be. */
  record Person(String name, int age) {}

  /** Implemented by the library: the answer of a model as an object. */
  interface Extractor {
    Person extract(String text);
  }

  @Test
  void answersAtOnceAndInAStreamWithTheSameText() throws Exception {
    ChatResponse whole = chat(server.key(), MODEL).maxTokens(16).build().chat(ask());
    assertThat(whole.aiMessage().text()).isNotBlank();
    assertThat(whole.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(whole.tokenUsage().outputTokenCount()).isEqualTo(16);

    List<String> pieces = new ArrayList<>();
    ChatResponse streamed = streamed(ask(), pieces).get(2, TimeUnit.MINUTES);
    assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
    assertThat(String.join("", pieces)).isEqualTo(whole.aiMessage().text());
    assertThat(streamed.tokenUsage().outputTokenCount()).isEqualTo(16);
  }

  @Test
  void callsAToolAndTakesItsResult() throws Exception {
    UserMessage question = UserMessage.from("What is the weather in Paris?");
    ChatRequest request =
        ChatRequest.builder()
            .messages(question)
            .toolSpecifications(WEATHER)
            .toolChoice(ToolChoice.REQUIRED)
            .maxOutputTokens(64)
            .build();
    OpenAiChatModel model = chat(server.key(), MODEL).build();
    AiMessage called = model.chat(request).aiMessage();
    AiMessage streamed = streamed(request, new ArrayList<>()).get(2, TimeUnit.MINUTES).aiMessage();
    for (AiMessage each : List.of(called, streamed)) {
      ToolExecutionRequest call = each.toolExecutionRequests().getFirst();
      assertThat(call.name()).isEqualTo("get_weather");
      assertThat(JsonMapper.shared().readTree(call.arguments()).has("city")).isTrue();
    }
    List<ChatMessage> conversation = new ArrayList<>(List.of(question, called));
    for (ToolExecutionRequest call : called.toolExecutionRequests()) {
      conversation.add(ToolExecutionResultMessage.from(call, "Sunny, 21 degrees."));
    }
    ChatResponse answer =
        model.chat(ChatRequest.builder().messages(conversation).maxOutputTokens(24).build());
    assertThat(answer.aiMessage().text()).isNotBlank();
  }

  @Test
  void anAnswerIsAnObjectOfTheClassThatIsAskedFor() {
    Extractor extractor =
        AiServices.create(
            Extractor.class,
            chat(server.key(), MODEL)
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true)
                .maxTokens(64)
                .build());
    Person person = extractor.extract("Ann is 9 years old.");
    assertThat(person.name()).contains("Ann");
    assertThat(person.age()).isEqualTo(9);
  }

  @Test
  void vectorsComeFromAModelForVectors() {
    OpenAiEmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey(server.key())
            .modelName(RealModels.MINILM)
            .build();
    assertThat(model.embed("a river").content().vector()).hasSize(384);
    assertThat(model.dimension()).isEqualTo(384);
  }

  @Test
  void errorsAreTheLibrarysOwnExceptions() {
    assertThat(
            catchThrowableOfType(
                AuthenticationException.class, () -> chat("nobody", MODEL).build().chat(QUESTION)))
        .isNotNull();
    assertThat(
            catchThrowableOfType(
                ModelNotFoundException.class,
                () -> chat(server.key(), "nobody").build().chat(QUESTION)))
        .hasMessageContaining("nobody");
  }

  private static ChatRequest ask() {
    return ChatRequest.builder().messages(UserMessage.from(QUESTION)).maxOutputTokens(16).build();
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder chat(String key, String model) {
    return OpenAiChatModel.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey(key)
        .modelName(model)
        .temperature(0.0)
        .maxRetries(0)
        .timeout(Duration.ofMinutes(2));
  }

  private static CompletableFuture<ChatResponse> streamed(
      ChatRequest request, List<String> pieces) {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey(server.key())
        .modelName(MODEL)
        .temperature(0.0)
        .timeout(Duration.ofMinutes(2))
        .build()
        .chat(
            request,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                pieces.add(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    return done;
  }
}
