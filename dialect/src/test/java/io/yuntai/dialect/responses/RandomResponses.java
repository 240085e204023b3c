package io.yuntai.dialect.responses;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.testing.RandomBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Valid requests and answers of the API, at random. Function {@code f}, custom tool {@code c}. */
final class RandomResponses {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CUSTOM = "c";

  private final RandomGenerator random;
  private final RandomBytes values;

  RandomResponses(RandomGenerator random) {
    this.random = random;
    this.values = new RandomBytes(random);
  }

  /**
   * A request and what it means.
   *
   * @param body JSON
   * @param messages the conversation as the model's template gets it
   */
  record Case(byte[] body, List<Message> messages) {}

  /** A request with a conversation. */
  Case request() {
    List<Object> items = new ArrayList<>();
    List<Message> messages = new ArrayList<>();
    Optional<String> instructions = values.maybe(() -> "i" + values.text());
    Optional<String> rules = values.maybe(() -> "r" + values.text());
    rules.ifPresent(text -> items.add(said(random.nextBoolean() ? "system" : "developer", text)));
    if (instructions.isPresent() || rules.isPresent()) {
      String both = instructions.orElse("") + (together(instructions, rules) ? "\n\n" : "");
      messages.add(Message.of(Role.SYSTEM, both + rules.orElse("")));
    }
    for (int turn = 1 + random.nextInt(3); turn > 0; turn--) {
      String question = values.text();
      items.add(said("user", question));
      messages.add(Message.of(Role.USER, question));
      if (random.nextBoolean()) {
        turn(items, messages);
      }
    }
    Map<String, Object> body = settings();
    instructions.ifPresent(text -> body.put("instructions", text));
    body.put("input", items);
    return new Case(JSON.writeValueAsBytes(body), messages);
  }

  private static boolean together(Optional<String> first, Optional<String> second) {
    return first.isPresent() && second.isPresent();
  }

  /** One turn of the assistant, with the results of what it called. */
  private void turn(List<Object> items, List<Message> messages) {
    Optional<String> thoughts = values.maybe(() -> "t" + values.text());
    Optional<String> words = values.maybe(() -> "w" + values.text());
    List<ToolCall> calls = new ArrayList<>();
    thoughts.ifPresent(text -> items.add(thought(text)));
    words.ifPresent(text -> items.add(said("assistant", text)));
    for (int k = random.nextInt(words.isPresent() ? 0 : 1, 3); k > 0; k--) {
      calls.add(call(items, "call_" + messages.size() + "_" + k));
    }
    messages.add(
        new Message(
            Role.ASSISTANT, words.orElse(""), Optional.empty(), Optional.empty(), calls, thoughts));
    for (ToolCall call : calls) {
      String result = values.text();
      boolean custom = call.name().equals(CUSTOM);
      items.add(
          Map.of(
              "type",
              custom ? "custom_tool_call_output" : "function_call_output",
              "call_id",
              call.id(),
              "output",
              random.nextBoolean() ? result : parts("input_text", result)));
      messages.add(
          new Message(
              Role.TOOL,
              result,
              Optional.empty(),
              Optional.of(call.id()),
              List.of(),
              Optional.empty()));
    }
  }

  private ToolCall call(List<Object> items, String id) {
    String text = values.text();
    Map<String, Object> item = new LinkedHashMap<>();
    boolean custom = random.nextBoolean();
    String name = custom ? CUSTOM : "f";
    String arguments = arguments(text);
    item.put("type", custom ? "custom_tool_call" : "function_call");
    item.put("call_id", id);
    item.put("name", name);
    item.put(custom ? "input" : "arguments", custom ? text : arguments);
    items.add(item);
    return new ToolCall(id, name, arguments);
  }

  /** What a custom tool's text is as a function's arguments. */
  private static String arguments(String text) {
    byte[] json = new JsonBytes(64).raw("{\"input\":").text(text).raw("}").toBytes();
    return new String(json, StandardCharsets.UTF_8);
  }

  private Map<String, Object> thought(String text) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("type", "reasoning");
    item.put("summary", List.of());
    if (random.nextBoolean()) {
      item.put("content", parts("reasoning_text", text));
    } else {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      item.put("content", null);
      item.put(
          "encrypted_content",
          ResponseItems.ENCRYPTED_PREFIX
              + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return item;
  }

  private Map<String, Object> said(String role, String text) {
    Map<String, Object> item = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      item.put("type", "message");
    }
    item.put("role", role);
    String part = role.equals("assistant") ? "output_text" : "input_text";
    item.put("content", random.nextBoolean() ? text : parts(part, text));
    return item;
  }

  private static List<Map<String, String>> parts(String type, String text) {
    return List.of(Map.of("type", type, "text", text));
  }

  private Map<String, Object> settings() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", "m" + random.nextInt(10));
    values.maybe(random::nextDouble).ifPresent(x -> body.put("temperature", x));
    values.maybe(() -> 1 + random.nextInt(100)).ifPresent(x -> body.put("max_output_tokens", x));
    values.maybe(random::nextBoolean).ifPresent(x -> body.put("store", x));
    values.maybe(random::nextBoolean).ifPresent(x -> body.put("stream", x));
    values.maybe(() -> Map.of("k", values.text())).ifPresent(x -> body.put("metadata", x));
    body.put(
        "tools",
        List.of(
            Map.of("type", "function", "name", "f", "parameters", Map.of("type", "object")),
            Map.of("type", "custom", "name", CUSTOM),
            Map.of("type", "web_search")));
    values.maybe(() -> "auto").ifPresent(x -> body.put("tool_choice", x));
    return body;
  }

  /** A request that the answers of {@link #answer} are answers to. */
  ResponsesRequest asked(boolean encrypted) throws io.yuntai.dialect.ApiException {
    Map<String, Object> body = settings();
    body.put("input", "hi");
    body.put("include", encrypted ? List.of("reasoning.encrypted_content") : List.of());
    return ResponsesRequests.decode(JSON.writeValueAsBytes(body), "0");
  }

  /** An answer of thoughts, words and calls, each there or not, as a model makes it. */
  List<AnswerEvent> answer() {
    List<AnswerEvent> events = new ArrayList<>();
    events.add(new AnswerEvent.Started(0));
    boolean logprobs = random.nextBoolean();
    for (int k = random.nextInt(3); k > 0; k--) {
      events.add(new AnswerEvent.Reasoning(0, "t" + values.text()));
    }
    for (int k = random.nextInt(4); k > 0; k--) {
      events.add(new AnswerEvent.Delta(0, "d" + values.text(), logprobs ? logprobs() : List.of()));
    }
    int calls = random.nextInt(3);
    for (int call = 0; call < calls; call++) {
      boolean custom = random.nextBoolean();
      events.add(new AnswerEvent.CallStarted(0, call, "call_" + call, custom ? CUSTOM : "f"));
      String arguments = arguments(values.text());
      int points = random.nextInt(arguments.codePointCount(0, arguments.length()) + 1);
      int cut = arguments.offsetByCodePoints(0, points);
      for (String piece : List.of(arguments.substring(0, cut), arguments.substring(cut))) {
        if (!piece.isEmpty()) {
          events.add(new AnswerEvent.CallArguments(0, call, piece));
        }
      }
    }
    List<FinishReason> reasons =
        List.of(FinishReason.STOP, FinishReason.LENGTH, FinishReason.CONTENT_FILTER);
    events.add(
        new AnswerEvent.ChoiceFinished(
            0, calls > 0 ? FinishReason.TOOL_CALLS : values.oneOf(reasons)));
    long prompt = random.nextInt(1000);
    long completion = random.nextInt(1000);
    events.add(
        new AnswerEvent.Finished(
            new Usage(
                prompt, random.nextLong(prompt + 1), completion, random.nextLong(completion + 1))));
    return events;
  }

  private List<TokenLogprob> logprobs() {
    return values.list(1, 2, () -> new TokenLogprob(scored(), List.of(scored(), scored())));
  }

  private Scored scored() {
    return new Scored("s" + values.text(), List.of(115), -random.nextDouble(30));
  }
}
