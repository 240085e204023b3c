package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.CacheMark;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.testing.RandomBytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Requests and answers that Anthropic's API can say, at random. */
final class RandomConversations {
  private static final List<CacheMark> MARKS = List.copyOf(EnumSet.allOf(CacheMark.class));

  private final RandomGenerator random;
  private final RandomBytes values;

  RandomConversations(RandomGenerator random) {
    this.random = random;
    this.values = new RandomBytes(random);
  }

  ChatRequest request() {
    int maxTokens = 2_000 + random.nextInt(10_000);
    List<Message> messages = messages();
    return new ChatRequest(
        "m" + random.nextInt(10),
        messages,
        toolUse(),
        settings(maxTokens),
        new Delivery(random.nextBoolean(), true),
        Map.of(),
        thinking(),
        Labels.NONE,
        messages.getLast().role() == Role.ASSISTANT);
  }

  /** A speaker never speaks twice in a row: that would be one turn. */
  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    if (random.nextBoolean()) {
      messages.add(turn(Role.SYSTEM, "s" + values.text()));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      userTurn(messages);
      messages.add(assistant());
    }
    userTurn(messages);
    if (random.nextInt(8) == 0) {
      messages.add(assistant());
    }
    return messages;
  }

  private void userTurn(List<Message> messages) {
    int results = random.nextInt(3);
    for (int i = 0; i < results; i++) {
      messages.add(
          new Message(
              Role.TOOL,
              values.text(),
              Optional.empty(),
              Optional.of("call" + values.text()),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              values.oneOf(MARKS)));
    }
    if (results == 0 || random.nextBoolean()) {
      messages.add(turn(Role.USER, "u" + values.text()));
    }
  }

  private Message assistant() {
    boolean thoughts = random.nextBoolean();
    return new Message(
        Role.ASSISTANT,
        "a" + values.text(),
        Optional.empty(),
        Optional.empty(),
        values.list(0, 2, () -> new ToolCall("id" + values.text(), "f", arguments())),
        thoughts ? Optional.of("t" + values.text()) : Optional.empty(),
        thoughts ? Optional.of("sig" + values.text()) : Optional.empty(),
        values.oneOf(MARKS));
  }

  private String arguments() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      map.put(i + values.text(), random.nextBoolean() ? values.text() : new BigDecimal("1.5"));
    }
    return new String(new JsonBytes(64).value(map).toBytes(), StandardCharsets.UTF_8);
  }

  private Message turn(Role role, String text) {
    return new Message(
        role,
        text,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        values.oneOf(MARKS));
  }

  private ToolUse toolUse() {
    List<Tool> tools = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tools.add(tool("tool-" + i));
    }
    if (tools.isEmpty()) {
      return ToolUse.NONE;
    }
    Choice choice =
        switch (random.nextInt(4)) {
          case 0 -> new Choice.Never();
          case 1 -> new Choice.Free();
          case 2 -> new Choice.Required();
          default -> new Choice.Named(tools.getLast().name());
        };
    return new ToolUse(tools, choice, choice instanceof Choice.Never || random.nextBoolean());
  }

  private Tool tool(String name) {
    Map<String, Object> schema =
        Map.of("type", "object", "properties", Map.of(values.text() + "p", Map.of("const", 1L)));
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    values.maybe(values::text).ifPresent(text -> function.put("description", text));
    function.put("parameters", schema);
    if (random.nextBoolean()) {
      function.put("strict", true);
    }
    return new Tool(name, Map.of("type", "function", "function", function), schema);
  }

  private GenerationSettings settings(int maxTokens) {
    return new GenerationSettings(
        OptionalInt.of(maxTokens),
        random.nextBoolean() ? 1 : random.nextDouble(),
        random.nextBoolean() ? 1 : random.nextDouble(),
        random.nextInt(200),
        0,
        0,
        0,
        Map.of(),
        OptionalLong.empty(),
        values.list(0, 4, () -> "." + values.text()),
        1,
        -1,
        values.maybe(values::text),
        random.nextBoolean()
            ? AnswerForm.FREE
            : new AnswerForm.JsonSchema(
                "output_config.format.schema",
                Map.of("const", values.text(), "maximum", new BigDecimal("0.1"))));
  }

  private Thinking thinking() {
    Thinking.Effort effort =
        values.oneOf(
            List.of(
                Thinking.Effort.LOW,
                Thinking.Effort.MEDIUM,
                Thinking.Effort.HIGH,
                Thinking.Effort.XHIGH,
                Thinking.Effort.UNSPECIFIED));
    return switch (random.nextInt(3)) {
      case 0 -> new Thinking.Off();
      case 1 -> new Thinking.On(effort, OptionalInt.empty());
      default -> new Thinking.On(effort, OptionalInt.of(1024 + random.nextInt(900)));
    };
  }

  /** The events of an answer. */
  List<AnswerEvent> answer() {
    List<AnswerEvent> events = new ArrayList<>();
    long prompt = random.nextInt(1000);
    long cached = random.nextLong(prompt + 1);
    long written = random.nextLong(prompt - cached + 1);
    events.add(new AnswerEvent.Counted(new Usage(prompt, cached, 1, 0, written)));
    events.add(new AnswerEvent.Started(0));
    if (random.nextBoolean()) {
      values
          .list(1, 3, () -> new AnswerEvent.Reasoning(0, "t" + values.text()))
          .forEach(events::add);
      events.add(new AnswerEvent.ReasoningSigned(0, "s" + values.text()));
    }
    values
        .list(0, 3, () -> new AnswerEvent.Delta(0, "d" + values.text(), List.of()))
        .forEach(events::add);
    int calls = random.nextInt(3);
    for (int i = 0; i < calls; i++) {
      int call = i;
      events.add(new AnswerEvent.CallStarted(0, call, "id" + values.text(), "f" + call));
      values
          .list(1, 3, () -> new AnswerEvent.CallArguments(0, call, "{" + values.text()))
          .forEach(events::add);
    }
    Optional<String> stop = calls == 0 ? values.maybe(() -> "." + values.text()) : Optional.empty();
    FinishReason reason =
        calls > 0
            ? FinishReason.TOOL_CALLS
            : stop.isPresent()
                ? FinishReason.STOP
                : values.oneOf(
                    List.of(FinishReason.STOP, FinishReason.LENGTH, FinishReason.CONTENT_FILTER));
    events.add(new AnswerEvent.ChoiceFinished(0, reason, stop));
    events.add(
        new AnswerEvent.Finished(new Usage(prompt, cached, random.nextInt(1000), 0, written)));
    return events;
  }
}
