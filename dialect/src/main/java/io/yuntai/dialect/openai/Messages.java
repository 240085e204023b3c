package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** One message of a chat request. */
final class Messages {
  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_CALL_ID_CHARS = 256;
  private static final int MAX_PARTS = 2048;
  private static final int MAX_CALLS = 128;
  private static final String ROLES = "'system', 'developer', 'user', 'assistant' and 'tool'";

  /** Known, but this server reads text only. */
  private static final Set<String> OTHER_PARTS =
      Set.of("image_url", "input_audio", "file", "refusal", "video_url", "input_image", "image");

  private Messages() {}

  static Message decode(JsonNode node, String path) throws ApiException {
    Fields fields = Fields.of(node, path);
    Role role = role(fields);
    List<ToolCall> toolCalls = toolCalls(fields);
    Optional<String> reasoning = fields.text("reasoning_content", Integer.MAX_VALUE);
    if (role != Role.ASSISTANT && !(toolCalls.isEmpty() && reasoning.isEmpty())) {
      throw Refusals.unsupported(
          fields.pathOf(reasoning.isEmpty() ? "tool_calls" : "reasoning_content"));
    }
    String content = content(fields, !toolCalls.isEmpty());
    Optional<String> name = name(fields);
    Optional<String> toolCallId = Optional.empty();
    if (role == Role.TOOL) {
      toolCallId = Optional.of(fields.requiredText("tool_call_id", MAX_CALL_ID_CHARS));
    }
    fields.refuseUnknown();
    return new Message(role, content, name, toolCallId, toolCalls, reasoning);
  }

  private static Role role(Fields fields) throws ApiException {
    String role = fields.requiredText("role", Integer.MAX_VALUE);
    Unsupported.refuseInMessage(fields);
    return switch (role) {
      case "system" -> Role.SYSTEM;
      case "developer" -> Role.DEVELOPER;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool" -> Role.TOOL;
      case "function" -> throw Refusals.unsupportedValue(fields.pathOf("role"), "'function'");
      default -> throw Refusals.badValue(fields.pathOf("role"), role, ROLES);
    };
  }

  static String nameOf(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> name(Fields fields) throws ApiException {
    Optional<String> name = fields.text("name", MAX_NAME_CHARS);
    if (name.isPresent()
        && (name.get().isEmpty()
            || name.get().chars().anyMatch(c -> c <= ' ' || "<|\\/>".indexOf(c) >= 0))) {
      throw Refusals.outOfRange(
          "invalid_value",
          fields.pathOf("name"),
          "a name has 1 to %d characters and no blanks, '<', '|', '\\', '/' or '>'"
              .formatted(MAX_NAME_CHARS));
    }
    return name;
  }

  private static List<ToolCall> toolCalls(Fields message) throws ApiException {
    JsonNode node = message.node("tool_calls");
    String path = message.pathOf("tool_calls");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return List.of();
    }
    Fields.requireArray(node, path, MAX_CALLS);
    List<ToolCall> calls = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      calls.add(toolCall(Fields.of(node.get(i), path + "[" + i + "]")));
    }
    return calls;
  }

  private static ToolCall toolCall(Fields call) throws ApiException {
    String id = call.requiredText("id", MAX_CALL_ID_CHARS);
    Fields function = Tools.function(call);
    String name = Tools.name(function);
    String arguments = function.requiredText("arguments", Integer.MAX_VALUE);
    // What clients accumulate from a stream keeps the deltas' index.
    call.integer("index", 0, Integer.MAX_VALUE);
    function.refuseUnknown();
    call.refuseUnknown();
    return new ToolCall(id, name, arguments);
  }

  private static String content(Fields fields, boolean optional) throws ApiException {
    JsonNode node = fields.node("content");
    String path = fields.pathOf("content");
    if (node == null && optional) {
      return "";
    }
    if (node == null) {
      throw Refusals.missing(path);
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (!node.isArray()) {
      throw Refusals.wrongType(path, "a string or an array of text parts", node);
    }
    Fields.requireArray(node, path, MAX_PARTS);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < node.size(); i++) {
      // A line each, as other servers join them for templates that know only strings.
      text.append(i == 0 ? "" : "\n").append(part(node.get(i), path + "[" + i + "]"));
    }
    return text.toString();
  }

  private static String part(JsonNode node, String path) throws ApiException {
    Fields fields = Fields.of(node, path);
    String type = fields.requiredText("type", Integer.MAX_VALUE);
    if (OTHER_PARTS.contains(type)) {
      throw Refusals.unsupportedValue(path, "parts of type '" + type + "', only 'text',");
    }
    if (!type.equals("text")) {
      throw Refusals.badValue(fields.pathOf("type"), type, "'text'");
    }
    String text = fields.requiredText("text", Integer.MAX_VALUE);
    fields.refuseUnknown();
    return text;
  }
}
