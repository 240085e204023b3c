package io.yuntai.dialect.ollama;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code messages}. Calls need no ids here: what a tool answers belongs to the oldest call that has
 * no answer yet.
 */
final class OllamaMessages {
  private static final int MAX_MESSAGES = 20_000;
  private static final int MAX_CALLS = 128;
  private static final int MAX_ID_CHARS = 256;
  private static final String ROLES = "'system', 'user', 'assistant' and 'tool'";

  private final Deque<String> unanswered = new ArrayDeque<>();
  private int calls;

  private OllamaMessages() {}

  static List<Message> of(JsonNode node) throws ApiException {
    Fields.requireArray(node, "messages", MAX_MESSAGES);
    OllamaMessages reader = new OllamaMessages();
    List<Message> messages = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      messages.add(reader.message(Fields.of(node.get(i), "messages[" + i + "]")));
    }
    return messages;
  }

  private Message message(Fields message) throws ApiException {
    String role = message.requiredText("role", 64);
    JsonNode images = message.node("images");
    if (images != null && !(images.isArray() && images.isEmpty())) {
      throw Refusals.unsupported(message.pathOf("images"));
    }
    String content = message.text("content", Integer.MAX_VALUE).orElse("");
    return switch (role) {
      case "system" -> Message.of(Role.SYSTEM, content);
      case "user" -> Message.of(Role.USER, content);
      case "assistant" -> assistant(message, content);
      case "tool" -> tool(message, content);
      default -> throw Refusals.badValue(message.pathOf("role"), role, ROLES);
    };
  }

  private Message assistant(Fields message, String content) throws ApiException {
    List<ToolCall> made = calls(message);
    made.forEach(call -> unanswered.add(call.id()));
    return new Message(
        Role.ASSISTANT,
        content,
        Optional.empty(),
        Optional.empty(),
        made,
        message.text("thinking", Integer.MAX_VALUE).filter(text -> !text.isEmpty()));
  }

  private Message tool(Fields message, String content) throws ApiException {
    Optional<String> said = message.text("tool_call_id", MAX_ID_CHARS).filter(id -> !id.isEmpty());
    Optional<String> name = message.text("tool_name", MAX_ID_CHARS).filter(n -> !n.isEmpty());
    String next = unanswered.isEmpty() ? "" : unanswered.peek();
    String id = said.orElse(next);
    unanswered.remove(id);
    return new Message(Role.TOOL, content, name, Optional.of(id), List.of(), Optional.empty());
  }

  private List<ToolCall> calls(Fields message) throws ApiException {
    JsonNode node = message.node("tool_calls");
    String path = message.pathOf("tool_calls");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return List.of();
    }
    Fields.requireArray(node, path, MAX_CALLS);
    List<ToolCall> made = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      Fields call = Fields.of(node.get(i), path + "[" + i + "]");
      JsonNode function = call.node("function");
      if (function == null) {
        throw Refusals.missing(call.pathOf("function"));
      }
      Fields named = Fields.of(function, call.pathOf("function"));
      String fresh = "call_" + calls++;
      made.add(
          new ToolCall(
              call.text("id", MAX_ID_CHARS).filter(id -> !id.isEmpty()).orElse(fresh),
              named.requiredText("name", MAX_ID_CHARS),
              arguments(named)));
    }
    return made;
  }

  /** An object, or the text of one as OpenAI has it. */
  private static String arguments(Fields function) throws ApiException {
    JsonNode node = function.node("arguments");
    if (node == null) {
      return "{}";
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (!node.isObject()) {
      throw Refusals.wrongType(function.pathOf("arguments"), "an object", node);
    }
    byte[] json = new JsonBytes(256).value(PlainJson.exact(node)).toBytes();
    return new String(json, StandardCharsets.UTF_8);
  }
}
