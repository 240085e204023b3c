package io.yuntai.dialect.dashscope;

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
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.RandomBytes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Requests and answers that DashScope's API can say, at random. */
final class RandomCalls {
  private final RandomGenerator random;
  private final RandomBytes values;

  RandomCalls(RandomGenerator random) {
    this.random = random;
    this.values = new RandomBytes(random);
  }

  ChatRequest request() {
    boolean continued = random.nextInt(8) == 0;
    List<Message> messages =
        new ArrayList<>(
            values.list(
                1,
                5,
                () -> message(values.oneOf(List.of(Role.SYSTEM, Role.ASSISTANT, Role.TOOL)))));
    messages.add(message(continued ? Role.ASSISTANT : Role.USER));
    return new ChatRequest(
        "m" + random.nextInt(10),
        messages,
        toolUse(),
        settings(),
        new Delivery(random.nextBoolean(), true),
        Map.of(),
        switch (random.nextInt(3)) {
          case 0 -> Thinking.DEFAULT;
          case 1 -> new Thinking.Off();
          default ->
              new Thinking.On(
                  Thinking.Effort.UNSPECIFIED,
                  random.nextBoolean()
                      ? OptionalInt.empty()
                      : OptionalInt.of(1 + random.nextInt(9_999)));
        },
        Labels.NONE,
        continued);
  }

  private Message message(Role role) {
    boolean assistant = role == Role.ASSISTANT;
    return new Message(
        role,
        values.text(),
        values.maybe(() -> "n" + random.nextInt(9)),
        role == Role.TOOL ? Optional.of("id" + values.text()) : Optional.empty(),
        assistant
            ? values.list(0, 2, () -> new ToolCall(values.text(), "f", values.text()))
            : List.of(),
        assistant ? values.maybe(() -> "t" + values.text()) : Optional.empty(),
        Optional.empty(),
        random.nextInt(4) == 0 ? CacheMark.SHORT : CacheMark.NONE);
  }

  private ToolUse toolUse() {
    List<Tool> tools = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = "tool-" + i;
      Map<String, Object> schema = Map.of("type", "object", "description", values.text());
      tools.add(
          new Tool(
              name,
              Map.of("type", "function", "function", Map.of("name", name, "parameters", schema)),
              schema));
    }
    if (tools.isEmpty()) {
      return ToolUse.NONE;
    }
    Choice choice =
        switch (random.nextInt(3)) {
          case 0 -> new Choice.Never();
          case 1 -> new Choice.Free();
          default -> new Choice.Named(tools.getLast().name());
        };
    return new ToolUse(tools, choice, random.nextBoolean());
  }

  private GenerationSettings settings() {
    return new GenerationSettings(
        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(999)),
        random.nextBoolean() ? 1 : random.nextDouble(0, 2),
        random.nextBoolean() ? 1 : random.nextDouble(),
        random.nextInt(100),
        0,
        random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
        random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
        RepetitionPenalty.of(random.nextBoolean() ? 1 : random.nextDouble(0.5, 2)),
        Map.of(),
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()),
        values.list(0, 4, () -> "." + values.text()),
        1 + random.nextInt(4),
        random.nextInt(-1, 6),
        Optional.empty(),
        switch (random.nextInt(3)) {
          case 0 -> new AnswerForm.JsonObject("response_format");
          case 1 ->
              new AnswerForm.JsonSchema(
                  "response_format.json_schema.schema", Map.of("maximum", new BigDecimal("0.1")));
          default -> AnswerForm.FREE;
        });
  }

  /** The events of an answer: choices end together, when the usage is known. */
  List<AnswerEvent> answer(int choices, boolean logprobs) {
    List<AnswerEvent> events = new ArrayList<>();
    List<FinishReason> reasons = new ArrayList<>();
    for (int i = 0; i < choices; i++) {
      int choice = i;
      events.add(new AnswerEvent.Started(choice));
      values
          .list(0, 3, () -> new AnswerEvent.Reasoning(choice, "t" + values.text()))
          .forEach(events::add);
      // Without anything at all there would be no piece before the last one.
      values
          .list(
              1,
              3,
              () ->
                  new AnswerEvent.Delta(
                      choice,
                      "d" + values.text(),
                      logprobs ? values.list(1, 2, this::logprob) : List.of()))
          .forEach(events::add);
      int calls = random.nextInt(3);
      for (int k = 0; k < calls; k++) {
        int call = k;
        events.add(new AnswerEvent.CallStarted(choice, call, "id" + values.text(), "f" + call));
        values
            .list(0, 3, () -> new AnswerEvent.CallArguments(choice, call, "{" + values.text()))
            .forEach(events::add);
      }
      reasons.add(
          calls > 0
              ? FinishReason.TOOL_CALLS
              : values.oneOf(
                  List.of(FinishReason.STOP, FinishReason.LENGTH, FinishReason.CONTENT_FILTER)));
    }
    for (int i = 0; i < choices; i++) {
      events.add(new AnswerEvent.ChoiceFinished(i, reasons.get(i)));
    }
    long prompt = random.nextInt(1000);
    long completion = random.nextInt(1000);
    events.add(
        new AnswerEvent.Finished(
            new Usage(
                prompt, random.nextLong(prompt + 1), completion, random.nextLong(completion + 1))));
    return events;
  }

  private TokenLogprob logprob() {
    return new TokenLogprob(scored(), List.of(scored(), scored()));
  }

  private Scored scored() {
    return new Scored("s", List.of(115, random.nextInt(256)), -random.nextDouble(30));
  }
}
