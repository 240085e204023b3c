package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.testing.RandomBytes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Valid requests at random. */
final class RandomRequests {
  private static final List<Role> ROLES = List.copyOf(EnumSet.allOf(Role.class));

  private static final List<Effort> EFFORTS =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Effort.UNSPECIFIED)));

  private final RandomGenerator random;
  private final RandomBytes bytes;

  RandomRequests(RandomGenerator random) {
    this.random = random;
    this.bytes = new RandomBytes(random);
  }

  ChatRequest chat() {
    return new ChatRequest(
        "m" + random.nextInt(10),
        bytes.list(1, 5, this::message),
        toolUse(),
        settings(random.nextInt(-1, 21), bytes.maybe(() -> 1 + random.nextInt(1000))),
        delivery(),
        random.nextBoolean()
            ? Map.of()
            : Map.of("enable_thinking", random.nextBoolean(), "x", bytes.text()),
        thinking(),
        new Labels(
            random.nextBoolean() ? Map.of() : Map.of("a" + random.nextInt(9), bytes.text()),
            bytes.maybe(bytes::text),
            bytes.maybe(bytes::text)));
  }

  CompletionRequest completion() {
    boolean ids = random.nextBoolean();
    return new CompletionRequest(
        "m" + random.nextInt(10),
        bytes.list(
            1,
            4,
            () ->
                ids
                    ? new Prompt.Tokens(bytes.list(1, 9, () -> random.nextInt(Integer.MAX_VALUE)))
                    : new Prompt.Text(bytes.text())),
        settings(random.nextInt(-1, 6), Optional.of(1 + random.nextInt(1000))),
        delivery());
  }

  private Thinking thinking() {
    return switch (random.nextInt(3)) {
      case 0 -> Thinking.DEFAULT;
      case 1 -> new Thinking.Off();
      default -> new Thinking.On(EFFORTS.get(random.nextInt(EFFORTS.size())), OptionalInt.empty());
    };
  }

  private Message message() {
    Role role = ROLES.get(random.nextInt(ROLES.size()));
    return new Message(
        role,
        bytes.text(),
        bytes.maybe(() -> "name" + random.nextInt(100)),
        role == Role.TOOL ? Optional.of("call_" + bytes.text()) : Optional.empty(),
        role == Role.ASSISTANT
            ? bytes.list(
                0,
                2,
                () -> new ToolCall("id" + bytes.text(), "f" + random.nextInt(9), bytes.text()))
            : List.of(),
        role == Role.ASSISTANT ? bytes.maybe(bytes::text) : Optional.empty());
  }

  private ToolUse toolUse() {
    List<Tool> tools = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tools.add(tool("tool-" + i));
    }
    Choice choice =
        switch (random.nextInt(tools.isEmpty() ? 2 : 4)) {
          case 0 -> new Choice.Never();
          case 1 -> new Choice.Free();
          case 2 -> new Choice.Required();
          default -> new Choice.Named(tools.getLast().name());
        };
    return new ToolUse(tools, choice, random.nextBoolean());
  }

  private Tool tool(String name) {
    Map<String, Object> schema =
        random.nextBoolean()
            ? Map.of()
            : Map.of(
                "type",
                "object",
                "properties",
                Map.of(bytes.text() + "p", Map.of("const", bytes.text())));
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("description", bytes.text());
    function.put("name", name);
    if (!schema.isEmpty()) {
      function.put("parameters", schema);
    }
    return new Tool(name, Map.of("type", "function", "function", function), schema);
  }

  private GenerationSettings settings(int topLogprobs, Optional<Integer> maxTokens) {
    Map<Integer, Double> biases = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      biases.put(random.nextInt(Integer.MAX_VALUE), random.nextDouble(-100, 100));
    }
    return new GenerationSettings(
        maxTokens.map(OptionalInt::of).orElse(OptionalInt.empty()),
        random.nextDouble(0, 2),
        random.nextDouble(),
        random.nextInt(200),
        random.nextDouble(),
        random.nextDouble(-2, 2),
        random.nextDouble(-2, 2),
        RepetitionPenalty.of(random.nextBoolean() ? 1 : random.nextDouble(0.5, 2)),
        biases,
        random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
        bytes.list(0, 4, () -> "." + bytes.text()),
        1 + random.nextInt(16),
        topLogprobs,
        bytes.maybe(bytes::text),
        form());
  }

  /** As the writer names their fields. */
  private AnswerForm form() {
    return switch (random.nextInt(6)) {
      case 0 -> new AnswerForm.JsonObject("response_format");
      case 1 ->
          new AnswerForm.JsonSchema(
              "response_format.json_schema.schema",
              Map.of(
                  "const",
                  bytes.list(0, 3, bytes::text),
                  "maximum",
                  new BigDecimal("0.1"),
                  "not",
                  false));
      case 2 -> new AnswerForm.Regex("guided_regex", bytes.text());
      case 3 -> new AnswerForm.Choice("guided_choice", bytes.list(1, 4, bytes::text));
      case 4 -> new AnswerForm.Gbnf("guided_grammar", bytes.text());
      default -> AnswerForm.FREE;
    };
  }

  private Delivery delivery() {
    boolean stream = random.nextBoolean();
    return new Delivery(stream, stream && random.nextBoolean());
  }
}
