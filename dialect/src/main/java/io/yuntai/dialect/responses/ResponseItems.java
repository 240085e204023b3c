package io.yuntai.dialect.responses;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The items of a conversation: to messages, and to the form in which they are kept. */
public final class ResponseItems {
  private static final int MAX_ITEMS = 4096;
  private static final int MAX_PARTS = 2048;
  private static final int MAX_WORD_CHARS = 256;

  /** Begins thoughts that are given back; what follows is no secret, only packed. */
  static final String ENCRYPTED_PREFIX = "yt1.";

  private ResponseItems() {}

  /**
   * The request's {@code input} as a JSON array of items, each with type and id, content as parts.
   *
   * @param mayBeAbsent whether a request can do without
   */
  static byte[] normalized(@Nullable JsonNode input, boolean mayBeAbsent, String idSuffix)
      throws ApiException {
    if (input == null) {
      if (mayBeAbsent) {
        return new byte[] {'[', ']'};
      }
      throw Refusals.missing("input");
    }
    JsonBytes out = new JsonBytes(1024).raw("[");
    if (input.isString()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("role", "user");
      item.put("content", input.stringValue());
      out.value(complete(item, "msg_" + idSuffix + "0"));
    } else {
      if (!(input.isArray() && input.isEmpty() && mayBeAbsent)) {
        Fields.requireArray(input, "input", MAX_ITEMS);
      }
      for (int i = 0; i < input.size(); i++) {
        String path = "input[" + i + "]";
        Map<String, Object> item = new LinkedHashMap<>(PlainJson.object(input.get(i), path));
        out.raw(i == 0 ? "" : ",").value(complete(item, "item_" + idSuffix + i));
      }
    }
    byte[] items = out.raw("]").toBytes();
    // What can't be read is told now, with the path that the client knows.
    var _ = new TurnBuilder().addAll(items, "input");
    return items;
  }

  private static Map<String, Object> complete(Map<String, Object> item, String id) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("id", item.getOrDefault("id", id));
    whole.put("type", item.getOrDefault("type", "message"));
    whole.putAll(item);
    if (whole.get("type").equals("message") && whole.get("content") instanceof String text) {
      String part = "assistant".equals(whole.get("role")) ? "output_text" : "input_text";
      Map<String, Object> content = new LinkedHashMap<>();
      content.put("type", part);
      content.put("text", text);
      if (part.equals("output_text")) {
        content.put("annotations", List.of());
      }
      whole.put("content", List.of(content));
    }
    if (whole.get("type").equals("message")) {
      whole.putIfAbsent("status", "completed");
    }
    return whole;
  }

  /**
   * The messages of a conversation.
   *
   * @param instructions come before everything
   * @param items item arrays, the oldest first
   */
  static List<Message> messages(Optional<String> instructions, List<byte[]> items)
      throws ApiException {
    TurnBuilder turns = new TurnBuilder();
    instructions
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> turns.add(Message.of(Role.SYSTEM, text)));
    for (int i = 0; i < items.size(); i++) {
      turns.addAll(items.get(i), i == items.size() - 1 ? "input" : "previous_response_id");
    }
    List<Message> messages = turns.messages();
    if (messages.isEmpty()) {
      throw Refusals.emptyArray("input");
    }
    return messages;
  }

  /** An item array with an answer's items behind it. */
  public static byte[] joined(byte[] first, byte[] second) {
    JsonBytes out = new JsonBytes(first.length + second.length + 1);
    byte[] head = java.util.Arrays.copyOf(first, first.length - 1);
    byte[] tail = java.util.Arrays.copyOfRange(second, 1, second.length);
    return out.raw(head).raw(head.length > 1 && tail.length > 1 ? "," : "").raw(tail).toBytes();
  }

  /** Reads items one after the other; the parts of an assistant's turn become one message. */
  private static final class TurnBuilder {
    private final Turns turns = new Turns();

    void add(Message message) {
      turns.add(message);
    }

    List<Message> messages() {
      return turns.messages();
    }

    TurnBuilder addAll(byte[] items, String path) throws ApiException {
      // Bodies are objects: the array stands under a name of its own.
      JsonNode array =
          JsonBody.parse(
                  new JsonBytes(items.length + 8).raw("{\"i\":").raw(items).raw("}").toBytes())
              .get("i");
      for (int i = 0; i < array.size(); i++) {
        item(Fields.of(array.get(i), path + "[" + i + "]"));
      }
      return this;
    }

    private void item(Fields item) throws ApiException {
      String type = item.requiredText("type", MAX_WORD_CHARS);
      switch (type) {
        case "message" -> message(item);
        case "function_call" ->
            turns.call(
                new ToolCall(
                    item.requiredText("call_id", MAX_WORD_CHARS),
                    item.requiredText("name", MAX_WORD_CHARS),
                    item.requiredText("arguments", Integer.MAX_VALUE)));
        case "custom_tool_call" ->
            turns.call(
                new ToolCall(
                    item.requiredText("call_id", MAX_WORD_CHARS),
                    item.requiredText("name", MAX_WORD_CHARS),
                    customArguments(item.requiredText("input", Integer.MAX_VALUE))));
        case "function_call_output", "custom_tool_call_output" ->
            turns.add(
                new Message(
                    Role.TOOL,
                    text(item, "output"),
                    Optional.empty(),
                    Optional.of(item.requiredText("call_id", MAX_WORD_CHARS)),
                    List.of(),
                    Optional.empty()));
        case "reasoning" -> turns.think(thoughts(item));
        // Where an answer stood on OpenAI's shelves; nothing that a model reads.
        case "compaction", "web_search_call" -> {}
        default -> throw Refusals.unsupportedValue(item.pathOf("type"), "'" + type + "'");
      }
    }

    private void message(Fields item) throws ApiException {
      String role = item.requiredText("role", MAX_WORD_CHARS);
      String text = text(item, "content");
      switch (role) {
        case "user" -> turns.add(Message.of(Role.USER, text));
        case "system" -> turns.add(Message.of(Role.SYSTEM, text));
        case "developer" -> turns.add(Message.of(Role.DEVELOPER, text));
        case "assistant" -> turns.say(text);
        default ->
            throw Refusals.badValue(
                item.pathOf("role"), role, "'user', 'assistant', 'system' and 'developer'");
      }
    }

    private static String customArguments(String input) {
      return new String(
          new JsonBytes(input.length() + 16)
              .raw("{\"" + ResponseTools.INPUT + "\":")
              .text(input)
              .raw("}")
              .toBytes(),
          StandardCharsets.UTF_8);
    }

    private static String thoughts(Fields item) throws ApiException {
      Optional<String> packed = item.text("encrypted_content", Integer.MAX_VALUE);
      if (packed.isPresent() && packed.get().startsWith(ENCRYPTED_PREFIX)) {
        try {
          byte[] bytes =
              Base64.getUrlDecoder().decode(packed.get().substring(ENCRYPTED_PREFIX.length()));
          return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
          throw Refusals.outOfRange(
              "invalid_encrypted_content",
              item.pathOf("encrypted_content"),
              "this is not what the server gave out");
        }
      }
      return item.node("content") == null ? "" : text(item, "content");
    }

    /** A text, or parts of text, a line each. */
    private static String text(Fields item, String name) throws ApiException {
      JsonNode node = item.node(name);
      String path = item.pathOf(name);
      if (node == null) {
        throw Refusals.missing(path);
      }
      if (node.isString()) {
        return node.stringValue();
      }
      if (!node.isArray()) {
        throw Refusals.wrongType(path, "a string or an array of text parts", node);
      }
      if (node.size() > MAX_PARTS) {
        throw Refusals.longArray(path, MAX_PARTS, node.size());
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < node.size(); i++) {
        Fields part = Fields.of(node.get(i), path + "[" + i + "]");
        String type = part.requiredText("type", MAX_WORD_CHARS);
        String words =
            switch (type) {
              case "input_text", "output_text", "text", "reasoning_text", "summary_text" ->
                  part.requiredText("text", Integer.MAX_VALUE);
              case "refusal" -> part.requiredText("refusal", Integer.MAX_VALUE);
              default ->
                  throw Refusals.unsupportedValue(
                      part.pathOf("type"), "parts of type '" + type + "', only text,");
            };
        text.append(i == 0 ? "" : "\n").append(words);
      }
      return text.toString();
    }
  }
}
