package io.yuntai.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.RandomBytes;
import io.yuntai.dialect.testing.Streams;
import io.yuntai.dialect.upstream.EventBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ollama's API from the other side: what we ask is what we would understand, and so back. */
class OllamaPropertyTest {
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomBytes values = new RandomBytes(random);
  private final OllamaUpstream upstream = new OllamaUpstream();

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void conversationsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      ChatRequest request = conversation();
      byte[] body = upstream.call(request).body();
      OllamaCall.Generate read = (OllamaCall.Generate) OllamaRequests.decodeChat(body);
      assertThat(read.stream()).isEqualTo(request.delivery().stream());
      assertThat(read.request())
          .isEqualTo(
              new ChatRequest(
                  request.model(),
                  request.messages(),
                  request.toolUse(),
                  request.settings(),
                  new Delivery(true, true),
                  Map.of(),
                  request.thinking(),
                  Labels.NONE,
                  request.continued()));
    }
  }

  @Test
  void textsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      CompletionRequest request =
          new CompletionRequest(
              "m", List.of(new Prompt.Text("p" + values.text())), settings(), Delivery.WHOLE);
      OllamaCall.Generate read =
          (OllamaCall.Generate) OllamaRequests.decodeGenerate(upstream.call(request).body());
      assertThat(read.request())
          .isEqualTo(
              new CompletionRequest(
                  request.model(),
                  request.prompts(),
                  request.settings(),
                  new Delivery(true, true)));
    }
  }

  @Test
  void streamsAndWholeAnswersThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      List<AnswerEvent> events = answer();
      Answer answer = built(events);
      byte[] stream = Streams.written(stream(true), events);
      assertThat(built(readLines(stream))).isEqualTo(answer);
      byte[] whole = Streams.written(stream(false), events);
      assertThat(built(Streams.readWhole(new OllamaAnswerReader(), whole))).isEqualTo(answer);
    }
  }

  @Test
  void damagedStreamsAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] stream = values.damaged(Streams.written(stream(true), answer()));
      try {
        assertThat(readLines(stream).getLast()).isInstanceOf(AnswerEvent.Finished.class);
      } catch (ApiException e) {
        refused++;
        assertThat(e.error().status()).isGreaterThanOrEqualTo(400);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("stream: " + new String(stream, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void whatOllamaHasNoWordForIsRefusedByName() {
    refused(request(settings(4, Map.of(1, 1.0), AnswerForm.FREE), ToolUse.NONE), "logit_bias");
    refused(
        request(settings(4, Map.of(), new AnswerForm.Regex("guided_regex", "a")), ToolUse.NONE),
        "guided_regex");
    Tool tool = new Tool("f", Map.of("type", "function"), Map.of());
    refused(
        request(
            GenerationSettings.DEFAULTS,
            new ToolUse(List.of(tool), new ToolUse.Choice.Required(), true)),
        "tool_choice");
    refused(
        request(
            GenerationSettings.DEFAULTS,
            new ToolUse(List.of(tool), new ToolUse.Choice.Free(), false)),
        "parallel_tool_calls");
  }

  private void refused(ChatRequest request, String field) {
    assertThatThrownBy(() -> upstream.call(request)).hasMessageContaining("'" + field + "'");
  }

  private static ChatRequest request(GenerationSettings settings, ToolUse tools) {
    return new ChatRequest(
        "m", List.of(Message.of(Role.USER, "hi")), tools, settings, Delivery.WHOLE, Map.of());
  }

  private static List<AnswerEvent> readLines(byte[] stream) throws ApiException {
    OllamaAnswerReader reader = new OllamaAnswerReader();
    List<AnswerEvent> events = new ArrayList<>();
    EventBuffer buffer = EventBuffer.ofLines(1 << 20);
    buffer.reserve(stream.length);
    System.arraycopy(stream, 0, buffer.bytes(), buffer.end(), stream.length);
    buffer.added(stream.length);
    while (buffer.next()) {
      reader.event(buffer.name(), buffer.data(), buffer.dataFrom(), buffer.dataTo(), events::add);
    }
    reader.end(events::add);
    return events;
  }

  private static OllamaStream stream(boolean pieces) {
    return new OllamaStream(head(), true, pieces, InstantSource.system());
  }

  private static AnswerHead head() {
    return new AnswerHead(AnswerHead.Kind.CHAT, "chatcmpl-1", 1, "m", true);
  }

  private static Answer built(List<AnswerEvent> events) {
    AnswerBuilder builder = new AnswerBuilder(head());
    events.forEach(builder::add);
    return builder.toAnswer();
  }

  private ChatRequest conversation() {
    List<Message> messages = new ArrayList<>();
    messages.add(Message.of(Role.SYSTEM, values.text()));
    messages.add(Message.of(Role.USER, values.text()));
    if (random.nextBoolean()) {
      messages.add(
          new Message(
              Role.ASSISTANT,
              values.text(),
              Optional.empty(),
              Optional.empty(),
              List.of(
                  new ToolCall("id1" + values.text(), "f", "{\"a\":" + random.nextInt(99) + "}"),
                  new ToolCall("id2", "g", "{}")),
              values.maybe(() -> "t" + values.text())));
      messages.add(
          new Message(
              Role.TOOL,
              values.text(),
              Optional.of("g"),
              Optional.of("id2"),
              List.of(),
              Optional.empty()));
    }
    boolean continued = random.nextInt(4) == 0;
    if (continued) {
      messages.add(Message.of(Role.ASSISTANT, values.text()));
    }
    return new ChatRequest(
        "m",
        messages,
        random.nextBoolean() ? ToolUse.NONE : tools(),
        settings(),
        new Delivery(random.nextBoolean(), true),
        Map.of(),
        switch (random.nextInt(4)) {
          case 0 -> new Thinking.Off();
          case 1 -> new Thinking.On(Thinking.Effort.UNSPECIFIED, OptionalInt.empty());
          case 2 -> new Thinking.On(Thinking.Effort.LOW, OptionalInt.empty());
          default -> Thinking.DEFAULT;
        },
        Labels.NONE,
        continued);
  }

  private static ToolUse tools() {
    Map<String, Object> parameters = Map.of("type", "object");
    Map<String, Object> definition =
        Map.of("type", "function", "function", Map.of("name", "f", "parameters", parameters));
    return new ToolUse(
        List.of(new Tool("f", definition, parameters)), new ToolUse.Choice.Free(), true);
  }

  private GenerationSettings settings() {
    return settings(
        random.nextInt(-1, 6),
        Map.of(),
        switch (random.nextInt(3)) {
          case 0 -> new AnswerForm.JsonObject("format");
          case 1 -> new AnswerForm.JsonSchema("format", Map.of("type", "object"));
          default -> AnswerForm.FREE;
        });
  }

  private GenerationSettings settings(
      int topLogprobs, Map<Integer, Double> biases, AnswerForm form) {
    return new GenerationSettings(
        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(999)),
        random.nextDouble(0, 2),
        random.nextDouble(),
        random.nextInt(100),
        random.nextDouble(),
        random.nextDouble(-2, 2),
        random.nextDouble(-2, 2),
        random.nextBoolean()
            ? RepetitionPenalty.NONE
            : new RepetitionPenalty(random.nextDouble(1.01, 2), random.nextInt(99)),
        biases,
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()),
        values.list(0, 4, () -> "." + values.text()),
        1,
        topLogprobs,
        Optional.empty(),
        form);
  }

  private List<AnswerEvent> answer() {
    List<AnswerEvent> events = new ArrayList<>();
    events.add(new AnswerEvent.Started(0));
    values.list(0, 3, () -> new AnswerEvent.Reasoning(0, "t" + values.text())).forEach(events::add);
    values
        .list(
            0,
            3,
            () -> new AnswerEvent.Delta(0, "d" + values.text(), values.list(0, 2, this::logprob)))
        .forEach(events::add);
    int calls = random.nextInt(3);
    for (int call = 0; call < calls; call++) {
      events.add(new AnswerEvent.CallStarted(0, call, "id" + call, "f" + call));
      events.add(new AnswerEvent.CallArguments(0, call, "{\"a\":" + random.nextInt(99) + "}"));
    }
    FinishReason reason =
        calls > 0
            ? FinishReason.TOOL_CALLS
            : values.oneOf(List.of(FinishReason.STOP, FinishReason.LENGTH));
    events.add(new AnswerEvent.ChoiceFinished(0, reason));
    events.add(
        new AnswerEvent.Finished(new Usage(random.nextInt(1000), 0, random.nextInt(1000), 0)));
    return events;
  }

  private TokenLogprob logprob() {
    return new TokenLogprob(scored(), values.list(0, 2, this::scored));
  }

  private Scored scored() {
    return new Scored("s", List.of(115, random.nextInt(256)), -random.nextDouble(30));
  }
}
