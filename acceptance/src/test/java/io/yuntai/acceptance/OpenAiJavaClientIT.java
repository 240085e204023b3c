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
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams.LogitBias;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official client against a real server process that runs a real model. */
@SuppressWarnings(
    "deprecation") // max_tokens and seed: OpenAI's older words, which most callers use
class OpenAiJavaClientIT {
  private static final String MODEL = RealModels.SMOLLM2;
  private static final String QUESTION = "Name three rivers of Europe.";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STREAM_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration NEXT_TIMEOUT = Duration.ofSeconds(45);

  private static Yuntai yuntai;
  private static Yuntai.Server server;
  private static OpenAIClient client;
  private static PromptEncoder prompts;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void startServer() throws Exception {
    prompts = RealModels.prompts(MODEL);
    tokenizer = RealModels.tokenizer(MODEL);
    yuntai = Yuntai.withModels(MODEL);
    server = yuntai.up(MODEL);
    client = clientWith(server.key());
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close();
    yuntai.down();
    assertThat(ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    yuntai.delete();
  }

  @Test
  void listsAndRetrievesTheModel() {
    assertThat(client.models().list().data()).extracting(Model::id).containsExactly(MODEL);
    Model model = client.models().retrieve(MODEL).validate();
    assertThat(model.id()).isEqualTo(MODEL);
    assertThat(model.created()).isPositive();
    assertThat(model.ownedBy()).isNotBlank();
  }

  @Test
  void answersAtOnceAndInAStreamWithTheSameTextAndExactUsage() {
    ChatCompletionCreateParams request = ask(QUESTION).temperature(0).maxTokens(16).build();
    ChatCompletion whole = client.chat().completions().create(request).validate();
    String text = text(whole, 0);
    assertThat(text).isNotBlank();
    assertThat(finish(whole)).isEqualTo("length");
    assertUsage(whole.usage().orElseThrow(), promptTokens(user(QUESTION)), 16);

    Streamed streamed = stream(request);
    assertThat(streamed.text()).isEqualTo(text);
    assertThat(streamed.tokens()).as("tokens that the stream carried").isEqualTo(16);
    assertThat(streamed.finish()).isEqualTo("length");
    assertUsage(streamed.usage().orElseThrow(), promptTokens(user(QUESTION)), 16);
    // Tokens of the text alone, counted by the tokenizer, are those that were generated.
    assertThat(tokenizer.encode(text, Tokenizer.SpecialTokens.AS_TEXT)).hasSize(16);
  }

  @Test
  void takesAWholeConversation() {
    List<Map<String, Object>> messages =
        List.of(
            message("system", "You answer in capital letters."),
            message("user", "Say hello."),
            message("assistant", "HELLO."),
            message("user", "Say goodbye."));
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(MODEL)
                    .addSystemMessage("You answer in capital letters.")
                    .addUserMessage("Say hello.")
                    .addAssistantMessage("HELLO.")
                    .addUserMessage("Say goodbye.")
                    .temperature(0)
                    .maxCompletionTokens(4)
                    .build())
            .validate();
    assertUsage(answer.usage().orElseThrow(), promptTokens(messages), 4);
  }

  @Test
  void givesSeveralChoicesThatTheSeedReproduces() {
    ChatCompletionCreateParams request = ask(QUESTION).n(2).seed(1).maxTokens(12).build();
    ChatCompletion first = client.chat().completions().create(request).validate();
    assertThat(first.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L);
    assertThat(text(first, 0)).isNotEqualTo(text(first, 1));
    assertUsage(first.usage().orElseThrow(), promptTokens(user(QUESTION)), 24);
    ChatCompletion again = client.chat().completions().create(request);
    assertThat(text(again, 0)).isEqualTo(text(first, 0));
    assertThat(text(again, 1)).isEqualTo(text(first, 1));
    ChatCompletion other =
        client.chat().completions().create(request.toBuilder().n(1).seed(2).build());
    assertThat(text(other, 0)).isNotEqualTo(text(first, 0));
  }

  @Test
  void endsBeforeAStopText() {
    ChatCompletionCreateParams.Builder request = ask(QUESTION).temperature(0).maxTokens(16);
    String text = text(client.chat().completions().create(request.build()), 0);
    String stop = text.substring(text.length() / 2, text.length() / 2 + 3);
    ChatCompletion stopped =
        client
            .chat()
            .completions()
            .create(request.stopOfStrings(List.of("no such text", stop)).build());
    assertThat(text(stopped, 0)).isEqualTo(text.substring(0, text.indexOf(stop)));
    assertThat(finish(stopped)).isEqualTo("stop");
    Streamed streamed = stream(request.build());
    assertThat(streamed.text()).isEqualTo(text(stopped, 0));
    assertThat(streamed.finish()).isEqualTo("stop");
  }

  @Test
  void reportsLogProbabilities() {
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(ask(QUESTION).temperature(0).maxTokens(6).logprobs(true).topLogprobs(3).build())
            .validate();
    List<ChatCompletionTokenLogprob> tokens =
        answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
    assertThat(tokens).hasSize(6);
    for (ChatCompletionTokenLogprob token : tokens) {
      assertThat(token.topLogprobs()).hasSize(3);
      assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
      assertThat(token.topLogprobs().getFirst().logprob()).isEqualTo(token.logprob());
      assertThat(token.topLogprobs())
          .extracting(ChatCompletionTokenLogprob.TopLogprob::logprob)
          .isSortedAccordingTo((a, b) -> Double.compare(b, a))
          .allMatch(logprob -> logprob <= 0);
    }
    assertThat(tokens.stream().map(ChatCompletionTokenLogprob::token).collect(Collectors.joining()))
        .isEqualTo(text(answer, 0));
  }

  @Test
  void continuesATextInAStream() {
    String start = "The capital of France is";
    CompletionCreateParams request =
        CompletionCreateParams.builder()
            .model(MODEL)
            .prompt(start)
            .temperature(0)
            .maxTokens(8)
            .build();
    Completion whole = client.completions().create(request).validate();
    assertThat(whole.choices().getFirst().text()).contains("Paris");
    int promptTokens = prompts.encodeText(start).length;
    assertUsage(whole.usage().orElseThrow(), promptTokens, 8);
    StringBuilder text = new StringBuilder();
    Optional<CompletionUsage> usage = Optional.empty();
    CompletionCreateParams streaming =
        request.toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<Completion> chunks = client.completions().createStreaming(streaming)) {
      for (Completion chunk : (Iterable<Completion>) chunks.stream()::iterator) {
        chunk.choices().forEach(choice -> text.append(choice.text()));
        usage = chunk.usage().or(() -> Optional.empty());
      }
    }
    assertThat(text.toString()).isEqualTo(whole.choices().getFirst().text());
    assertUsage(usage.orElseThrow(), promptTokens, 8);
  }

  @Test
  void answersTwoClientsAtOnceAsItAnswersEachAlone() throws Exception {
    ChatCompletionCreateParams first = ask(QUESTION).seed(3).maxTokens(24).build();
    ChatCompletionCreateParams second = ask("What is a cloud?").seed(4).maxTokens(24).build();
    String firstAlone = stream(first).text();
    String secondAlone = stream(second).text();
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        OpenAIClientResource other = new OpenAIClientResource(clientWith(server.key()))) {
      Future<String> a = threads.submit(() -> together(client, first, both));
      Future<String> b = threads.submit(() -> together(other.client(), second, both));
      assertThat(a.get()).isEqualTo(firstAlone);
      assertThat(b.get()).isEqualTo(secondAlone);
    }
  }

  /** A client to close. */
  private record OpenAIClientResource(OpenAIClient client) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
    }
  }

  private static String together(
      OpenAIClient caller, ChatCompletionCreateParams request, CountDownLatch both)
      throws InterruptedException {
    both.countDown();
    both.await();
    return text(caller.chat().completions().create(request), 0);
  }

  @Test
  @SuppressWarnings("MustBeClosedChecker") // many streams at once; each is closed at the end
  void leavingAStreamFreesItsPlaceInTheEngine() {
    // As many endless answers as the engine has places: while they run, nobody else gets one. They
    // would run for minutes, longer than the next caller waits.
    OpenAIClient patient = client.withOptions(o -> o.timeout(STREAM_TIMEOUT));
    OpenAIClient next = client.withOptions(o -> o.timeout(NEXT_TIMEOUT));
    ChatCompletionCreateParams endless = ask("Count.").logitBias(neverEnding()).build();
    List<StreamResponse<ChatCompletionChunk>> streams = new ArrayList<>();
    try {
      for (int i = 0; i < EngineOptions.DEFAULTS.maxConcurrent(); i++) {
        StreamResponse<ChatCompletionChunk> stream =
            patient.chat().completions().createStreaming(endless);
        streams.add(stream);
        Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
        while (chunks.next().choices().getFirst().delta().content().orElse("").isEmpty()) {
          // Until the engine has generated something.
        }
      }
    } finally {
      streams.forEach(StreamResponse::close);
    }
    ChatCompletion answer =
        next.chat().completions().create(ask(QUESTION).temperature(0).maxTokens(2).build());
    assertUsage(answer.usage().orElseThrow(), promptTokens(user(QUESTION)), 2);
  }

  private static LogitBias neverEnding() {
    LogitBias.Builder bias = LogitBias.builder();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      if (tokenizer.isEndOfGeneration(id)) {
        bias.putAdditionalProperty(Integer.toString(id), JsonValue.from(-100));
      }
    }
    return bias.build();
  }

  @Test
  void refusesAWrongKey() {
    try (OpenAIClientResource stranger = new OpenAIClientResource(clientWith("sk-wrong"))) {
      UnauthorizedException error =
          catchThrowableOfType(
              UnauthorizedException.class, () -> stranger.client().models().list());
      assertThat(error.code()).contains("invalid_api_key");
      error =
          catchThrowableOfType(
              UnauthorizedException.class,
              () -> stranger.client().chat().completions().create(ask(QUESTION).build()));
      assertThat(error.statusCode()).isEqualTo(401);
      assertThat(error.type()).contains("invalid_request_error");
    }
  }

  @Test
  void refusesAnUnknownModelAndNamesNearOnes() {
    NotFoundException error =
        catchThrowableOfType(
            NotFoundException.class,
            () -> client.chat().completions().create(ask(QUESTION).model("smollm2:13m").build()));
    assertThat(error.code()).contains("model_not_found");
    assertThat(error).hasMessageContaining("smollm2:13m").hasMessageContaining(MODEL);
    assertThat(
            catchThrowableOfType(
                    NotFoundException.class, () -> client.models().retrieve("no-such-model"))
                .code())
        .contains("model_not_found");
  }

  @Test
  void refusesAPromptLongerThanTheContext() {
    String prompt = "river ".repeat(5000);
    BadRequestException error =
        catchThrowableOfType(
            BadRequestException.class,
            () -> client.chat().completions().create(ask(prompt).build()));
    assertThat(error.code()).contains("context_length_exceeded");
    assertThat(error.param()).contains("messages");
    assertThat(error).hasMessageContaining(Integer.toString(promptTokens(user(prompt))));
  }

  @Test
  void refusesByNameWhatItDoesNotSupport() {
    BadRequestException error =
        catchThrowableOfType(
            BadRequestException.class,
            () ->
                client
                    .chat()
                    .completions()
                    .create(
                        ask(QUESTION)
                            .addFunctionTool(FunctionDefinition.builder().name("weather").build())
                            .build()));
    assertThat(error.param()).contains("tools");
    assertThat(error.code()).contains("unsupported_parameter");
  }

  private static OpenAIClient clientWith(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .timeout(TIMEOUT)
        .build();
  }

  private static ChatCompletionCreateParams.Builder ask(String question) {
    return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(question);
  }

  /** What a stream brought. */
  private record Streamed(
      String text, int tokens, String finish, Optional<CompletionUsage> usage) {}

  private static Streamed stream(ChatCompletionCreateParams request) {
    ChatCompletionCreateParams streaming =
        request.toBuilder()
            .logprobs(true)
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    StringBuilder text = new StringBuilder();
    int tokens = 0;
    List<String> finishes = new ArrayList<>();
    Optional<CompletionUsage> usage = Optional.empty();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(streaming)) {
      for (ChatCompletionChunk chunk : (Iterable<ChatCompletionChunk>) chunks.stream()::iterator) {
        chunk.validate();
        for (ChatCompletionChunk.Choice choice : chunk.choices()) {
          text.append(choice.delta().content().orElse(""));
          tokens += choice.logprobs().flatMap(l -> l.content()).map(List::size).orElse(0);
          choice.finishReason().ifPresent(reason -> finishes.add(reason.asString()));
        }
        usage = chunk.usage();
      }
    }
    assertThat(finishes).hasSize(1);
    return new Streamed(text.toString(), tokens, finishes.getFirst(), usage);
  }

  private static String text(ChatCompletion completion, int choice) {
    return completion.choices().get(choice).message().content().orElseThrow();
  }

  private static String finish(ChatCompletion completion) {
    return completion.choices().getFirst().finishReason().asString();
  }

  private static void assertUsage(CompletionUsage usage, int prompt, int completion) {
    assertThat(usage.promptTokens()).isEqualTo(prompt);
    assertThat(usage.completionTokens()).isEqualTo(completion);
    assertThat(usage.totalTokens()).isEqualTo(prompt + completion);
  }

  private static int promptTokens(List<Map<String, Object>> messages) {
    return prompts.encodeChat(new ChatPrompt(messages, List.of(), true, Map.of())).length;
  }

  private static List<Map<String, Object>> user(String text) {
    return List.of(message("user", text));
  }

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }
}
