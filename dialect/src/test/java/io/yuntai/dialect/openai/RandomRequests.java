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
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Valid requests at random. */
final class RandomRequests {
  private static final List<Role> ROLES = List.copyOf(EnumSet.allOf(Role.class));

  private static final List<Effort> EFFORTS =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Effort.UNSPECIFIED)));

  private final RandomGenerator random;

  RandomRequests(RandomGenerator random) {
    this.random = random;
  }

  ChatRequest chat() {
    return new ChatRequest(
        "m" + random.nextInt(10),
        list(1, 5, this::message),
        toolUse(),
        settings(random.nextInt(-1, 21), maybe(() -> 1 + random.nextInt(1000))),
        delivery(),
        random.nextBoolean()
            ? Map.of()
            : Map.of("enable_thinking", random.nextBoolean(), "x", text()),
        thinking(),
        new Labels(
            random.nextBoolean() ? Map.of() : Map.of("a" + random.nextInt(9), text()),
            maybe(this::text),
            maybe(this::text)));
  }

  CompletionRequest completion() {
    boolean ids = random.nextBoolean();
    return new CompletionRequest(
        "m" + random.nextInt(10),
        list(
            1,
            4,
            () ->
                ids
                    ? new Prompt.Tokens(list(1, 9, () -> random.nextInt(Integer.MAX_VALUE)))
                    : new Prompt.Text(text())),
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
        text(),
        maybe(() -> "name" + random.nextInt(100)),
        role == Role.TOOL ? Optional.of("call_" + text()) : Optional.empty(),
        role == Role.ASSISTANT
            ? list(0, 2, () -> new ToolCall("id" + text(), "f" + random.nextInt(9), text()))
            : List.of(),
        role == Role.ASSISTANT ? maybe(this::text) : Optional.empty());
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
            : Map.of("type", "object", "properties", Map.of(text() + "p", Map.of("const", text())));
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("description", text());
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
        biases,
        random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
        list(0, 4, () -> "." + text()),
        1 + random.nextInt(16),
        topLogprobs,
        maybe(this::text),
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
                  "const", list(0, 3, this::text), "maximum", new BigDecimal("0.1"), "not", false));
      case 2 -> new AnswerForm.Regex("guided_regex", text());
      case 3 -> new AnswerForm.Choice("guided_choice", list(1, 4, this::text));
      case 4 -> new AnswerForm.Gbnf("guided_grammar", text());
      default -> AnswerForm.FREE;
    };
  }

  private Delivery delivery() {
    boolean stream = random.nextBoolean();
    return new Delivery(stream, stream && random.nextBoolean());
  }

  /** Characters of every length in UTF-8, and all that JSON escapes. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int point =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/{}[]:,'<|>".charAt(random.nextInt(13));
            case 2 -> random.nextInt(0x80);
            case 3 -> random.nextInt(0xD800);
            default -> random.nextInt(0xE000, 0x110000);
          };
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> List<T> list(int min, int max, Supplier<? extends T> element) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(min, max + 1); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }
}
