package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CacheMark;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code input.messages}, or {@code input.prompt} with {@code input.history}. */
final class DashScopeMessages {
  private static final int MAX_MESSAGES = 20_000;
  private static final int MAX_PARTS = 2048;
  private static final int MAX_CALLS = 128;
  private static final int MAX_ID_CHARS = 256;
  private static final String MESSAGES = "messages";
  private static final String ROLES = "'system', 'user', 'assistant' and 'tool'";

  private DashScopeMessages() {}

  /** The conversation, with at least one message. */
  static List<Message> of(Fields input) throws ApiException {
    JsonNode node = input.node(MESSAGES);
    if (node == null || (node.isArray() && node.isEmpty() && input.node("prompt") != null)) {
      return prompt(input);
    }
    Fields.requireArray(node, input.pathOf(MESSAGES), MAX_MESSAGES);
    List<Message> messages = new ArrayList<>(node.size() + 1);
    for (int i = 0; i < node.size(); i++) {
      String path = input.pathOf(MESSAGES) + "[" + i + "]";
      messages.add(message(Fields.of(node.get(i), path)));
    }
    // SDKs of old add what the user says now beside the messages so far.
    Optional<String> prompt = input.text("prompt", Integer.MAX_VALUE).filter(p -> !p.isEmpty());
    prompt.ifPresent(text -> messages.add(Message.of(Role.USER, text)));
    return messages;
  }

  /** Whether the last message is one to be continued. */
  static boolean continuesLast(Fields input, List<Message> messages) throws ApiException {
    JsonNode node = input.node(MESSAGES);
    if (node == null || !node.isArray() || node.isEmpty()) {
      return false;
    }
    String path = input.pathOf(MESSAGES) + "[" + (node.size() - 1) + "]";
    Fields last = Fields.of(node.get(node.size() - 1), path);
    if (!last.flag("partial")) {
      return false;
    }
    if (messages.size() != node.size() || messages.getLast().role() != Role.ASSISTANT) {
      throw Refusals.outOfRange(
          "invalid_value",
          last.pathOf("partial"),
          "only the assistant's last message can be continued");
    }
    return true;
  }

  private static List<Message> prompt(Fields input) throws ApiException {
    Optional<String> prompt = input.text("prompt", Integer.MAX_VALUE);
    if (prompt.isEmpty()) {
      throw Refusals.missing(input.pathOf(MESSAGES));
    }
    List<Message> messages = new ArrayList<>();
    JsonNode history = input.node("history");
    if (history != null && !(history.isArray() && history.isEmpty())) {
      String path = input.pathOf("history");
      Fields.requireArray(history, path, MAX_MESSAGES);
      for (int i = 0; i < history.size(); i++) {
        Fields round = Fields.of(history.get(i), path + "[" + i + "]");
        messages.add(Message.of(Role.USER, round.requiredText("user", Integer.MAX_VALUE)));
        messages.add(Message.of(Role.ASSISTANT, round.requiredText("bot", Integer.MAX_VALUE)));
      }
    }
    messages.add(Message.of(Role.USER, prompt.get()));
    return messages;
  }

  private static Message message(Fields message) throws ApiException {
    Role role = role(message);
    List<ToolCall> calls = role == Role.ASSISTANT ? calls(message) : List.of();
    Content content = content(message, role == Role.ASSISTANT);
    Optional<String> id = message.text("tool_call_id", MAX_ID_CHARS);
    Optional<String> name = message.text("name", MAX_ID_CHARS).filter(n -> !n.isEmpty());
    Optional<String> reasoning =
        message.text("reasoning_content", Integer.MAX_VALUE).filter(r -> !r.isEmpty());
    return new Message(
        role,
        content.text,
        name,
        // What names only the tool is from before calls had ids.
        role == Role.TOOL ? id.or(() -> name).or(() -> Optional.of("")) : Optional.empty(),
        calls,
        role == Role.ASSISTANT ? reasoning : Optional.empty(),
        Optional.empty(),
        content.mark);
  }

  private static Role role(Fields message) throws ApiException {
    String role = message.requiredText("role", 64);
    return switch (role) {
      case "system" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool" -> Role.TOOL;
      default -> throw Refusals.badValue(message.pathOf("role"), role, ROLES);
    };
  }

  private record Content(String text, CacheMark mark) {}

  private static Content content(Fields message, boolean optional) throws ApiException {
    JsonNode node = message.node("content");
    String path = message.pathOf("content");
    if (node == null && optional) {
      return new Content("", CacheMark.NONE);
    }
    if (node == null) {
      throw Refusals.missing(path);
    }
    if (node.isString()) {
      return new Content(node.stringValue(), CacheMark.NONE);
    }
    if (node.isArray() && node.isEmpty() && optional) {
      return new Content("", CacheMark.NONE);
    }
    if (!node.isArray()) {
      throw Refusals.wrongType(path, "a string or an array of parts", node);
    }
    Fields.requireArray(node, path, MAX_PARTS);
    StringBuilder text = new StringBuilder();
    CacheMark mark = CacheMark.NONE;
    for (int i = 0; i < node.size(); i++) {
      Fields part = Fields.of(node.get(i), path + "[" + i + "]");
      text.append(i == 0 ? "" : "\n").append(text(part));
      mark = part.node("cache_control") == null ? mark : CacheMark.SHORT;
    }
    return new Content(text.toString(), mark);
  }

  /** {@code {"text": ...}}, with or without {@code "type": "text"}. */
  private static String text(Fields part) throws ApiException {
    String type = part.text("type", Integer.MAX_VALUE).orElse("text");
    for (String medium : List.of("image", "audio", "video", "file", "image_url", "input_audio")) {
      if (type.equals(medium) || part.node(medium) != null) {
        throw Refusals.unsupportedValue(part.pathOf(medium), "parts of type '" + medium + "'");
      }
    }
    if (!type.equals("text")) {
      throw Refusals.badValue(part.pathOf("type"), type, "'text'");
    }
    return part.requiredText("text", Integer.MAX_VALUE);
  }

  private static List<ToolCall> calls(Fields message) throws ApiException {
    JsonNode node = message.node("tool_calls");
    String path = message.pathOf("tool_calls");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return List.of();
    }
    Fields.requireArray(node, path, MAX_CALLS);
    List<ToolCall> calls = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      Fields call = Fields.of(node.get(i), path + "[" + i + "]");
      JsonNode function = call.node("function");
      if (function == null) {
        throw Refusals.missing(call.pathOf("function"));
      }
      Fields named = Fields.of(function, call.pathOf("function"));
      calls.add(
          new ToolCall(
              call.text("id", MAX_ID_CHARS).orElse(""),
              named.requiredText("name", MAX_ID_CHARS),
              named.text("arguments", Integer.MAX_VALUE).orElse("{}")));
    }
    return calls;
  }
}
