package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CacheMark;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One message's content blocks to canonical messages: results of tools become messages of their
 * own, and turns of one speaker in a row become one turn, as Anthropic's API has them.
 */
final class AnthropicBlocks {
  private static final int MAX_BLOCKS = 10_000;
  private static final int MAX_ID_CHARS = 256;
  private static final String ROLES = "'user', 'assistant' and 'system'";

  /** Known, but this server reads text only, and fetches nothing. */
  private static final Set<String> OTHER_BLOCKS =
      Set.of(
          "image",
          "document",
          "search_result",
          "container_upload",
          "server_tool_use",
          "web_search_tool_result",
          "web_fetch_tool_result",
          "code_execution_tool_result",
          "bash_code_execution_tool_result",
          "text_editor_code_execution_tool_result",
          "tool_search_tool_result",
          "mcp_tool_use",
          "mcp_tool_result");

  private AnthropicBlocks() {}

  /** Reads a message and adds what it says. */
  static void decode(JsonNode node, String path, List<Message> messages) throws ApiException {
    Fields message = Fields.of(node, path);
    String role = message.requiredText("role", 64);
    JsonNode content = message.node("content");
    if (content == null) {
      throw Refusals.missing(message.pathOf("content"));
    }
    String where = message.pathOf("content");
    switch (role) {
      case "user" -> user(content, where, messages);
      case "assistant" -> assistant(content, where, messages);
      // Said in the middle of a conversation; the one before it stands in a field of its own.
      case "system" -> add(messages, textOnly(Role.SYSTEM, content, where));
      default -> throw Refusals.badValue(message.pathOf("role"), role, ROLES);
    }
  }

  /** A text, or blocks of nothing else, a line each. */
  static Message textOnly(Role role, JsonNode node, String path) throws ApiException {
    if (node.isString()) {
      return Message.of(role, node.stringValue());
    }
    StringBuilder text = new StringBuilder();
    CacheMark mark = CacheMark.NONE;
    List<Fields> blocks = blocks(node, path);
    for (int i = 0; i < blocks.size(); i++) {
      Fields block = blocks.get(i);
      String type = type(block, path + "." + i);
      if (!type.equals("text")) {
        throw Refusals.badValue(block.pathOf("type"), type, "'text'");
      }
      text.append(i == 0 ? "" : "\n").append(text(block));
      mark = later(mark, mark(block));
    }
    return turn(role, text.toString(), mark);
  }

  private static Message turn(Role role, String text, CacheMark mark) {
    return new Message(
        role,
        text,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        mark);
  }

  /** {@code cache_control}. */
  static CacheMark mark(Fields block) throws ApiException {
    JsonNode node = block.node("cache_control");
    if (node == null) {
      return CacheMark.NONE;
    }
    Fields control = Fields.of(node, block.pathOf("cache_control"));
    control.requiredText("type", 64);
    return control.text("ttl", 64).orElse("").equals("1h") ? CacheMark.LONG : CacheMark.SHORT;
  }

  private static CacheMark later(CacheMark first, CacheMark second) {
    return second == CacheMark.NONE ? first : second;
  }

  private static void user(JsonNode content, String path, List<Message> messages)
      throws ApiException {
    if (content.isString()) {
      add(messages, Message.of(Role.USER, content.stringValue()));
      return;
    }
    List<Fields> blocks = blocks(content, path);
    for (int i = 0; i < blocks.size(); i++) {
      Fields block = blocks.get(i);
      String type = type(block, path + "." + i);
      switch (type) {
        case "text" -> {
          refuseCitations(block);
          add(messages, turn(Role.USER, text(block), mark(block)));
        }
        case "tool_result" -> messages.add(toolResult(block));
        default -> throw Refusals.badValue(block.pathOf("type"), type, "'text' and 'tool_result'");
      }
    }
  }

  private static void refuseCitations(Fields block) throws ApiException {
    JsonNode citations = block.node("citations");
    if (citations != null && !(citations.isArray() && citations.isEmpty())) {
      throw Refusals.unsupported(block.pathOf("citations"));
    }
  }

  private static Message toolResult(Fields block) throws ApiException {
    String id = block.requiredText("tool_use_id", MAX_ID_CHARS);
    JsonNode content = block.node("content");
    // Whether it failed is for the text to say: templates have no word for it.
    block.flag("is_error");
    Message said =
        content == null || (content.isArray() && content.isEmpty())
            ? Message.of(Role.TOOL, "")
            : textOnly(Role.TOOL, content, block.pathOf("content"));
    return new Message(
        Role.TOOL,
        said.content(),
        Optional.empty(),
        Optional.of(id),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        later(said.cacheMark(), mark(block)));
  }

  private static void assistant(JsonNode content, String path, List<Message> messages)
      throws ApiException {
    if (content.isString()) {
      add(messages, Message.of(Role.ASSISTANT, content.stringValue()));
      return;
    }
    List<String> texts = new ArrayList<>();
    List<String> thoughts = new ArrayList<>();
    List<ToolCall> calls = new ArrayList<>();
    Optional<String> signature = Optional.empty();
    CacheMark mark = CacheMark.NONE;
    List<Fields> blocks = blocks(content, path);
    for (int i = 0; i < blocks.size(); i++) {
      Fields block = blocks.get(i);
      String type = type(block, path + "." + i);
      mark = later(mark, mark(block));
      switch (type) {
        case "text" -> texts.add(text(block));
        case "thinking" -> {
          thoughts.add(block.requiredText("thinking", Integer.MAX_VALUE));
          signature = block.text("signature", Integer.MAX_VALUE).filter(s -> !s.isEmpty());
        }
        // Only whoever wrote it can read it.
        case "redacted_thinking" -> {}
        case "tool_use" -> calls.add(toolUse(block));
        default ->
            throw Refusals.badValue(
                block.pathOf("type"),
                type,
                "'text', 'thinking', 'redacted_thinking' and 'tool_use'");
      }
    }
    add(
        messages,
        new Message(
            Role.ASSISTANT,
            String.join("\n", texts),
            Optional.empty(),
            Optional.empty(),
            calls,
            thoughts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", thoughts)),
            // Thoughts in several blocks are one here, which no signature is for.
            thoughts.size() == 1 ? signature : Optional.empty(),
            mark));
  }

  private static ToolCall toolUse(Fields block) throws ApiException {
    String id = block.requiredText("id", MAX_ID_CHARS);
    String name = AnthropicTools.name(block);
    JsonNode input = block.node("input");
    if (input == null) {
      throw Refusals.missing(block.pathOf("input"));
    }
    if (!input.isObject()) {
      throw Refusals.wrongType(block.pathOf("input"), "an object", input);
    }
    byte[] arguments = new JsonBytes(256).value(PlainJson.exact(input)).toBytes();
    return new ToolCall(id, name, new String(arguments, StandardCharsets.UTF_8));
  }

  private static String text(Fields block) throws ApiException {
    return block.requiredText("text", Integer.MAX_VALUE);
  }

  private static String type(Fields block, String path) throws ApiException {
    String type = block.requiredText("type", Integer.MAX_VALUE);
    if (OTHER_BLOCKS.contains(type)) {
      throw Refusals.unsupportedValue(path, "blocks of type '" + type + "'");
    }
    return type;
  }

  private static List<Fields> blocks(JsonNode node, String path) throws ApiException {
    if (!node.isArray()) {
      throw Refusals.wrongType(path, "a string or an array of blocks", node);
    }
    Fields.requireArray(node, path, MAX_BLOCKS);
    List<Fields> blocks = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      blocks.add(Fields.of(node.get(i), path + "." + i));
    }
    return blocks;
  }

  private static void add(List<Message> messages, Message message) {
    if (messages.isEmpty() || messages.getLast().role() != message.role()) {
      messages.add(message);
    } else {
      messages.set(messages.size() - 1, joined(messages.getLast(), message));
    }
  }

  private static Message joined(Message first, Message second) {
    List<ToolCall> calls = new ArrayList<>(first.toolCalls());
    calls.addAll(second.toolCalls());
    boolean thoughtOnce = first.reasoning().isEmpty() || second.reasoning().isEmpty();
    return new Message(
        first.role(),
        joined(first.content(), second.content()),
        Optional.empty(),
        Optional.empty(),
        calls,
        thoughtOnce
            ? first.reasoning().or(second::reasoning)
            : Optional.of(joined(first.reasoning().get(), second.reasoning().get())),
        thoughtOnce ? first.reasoningSignature().or(second::reasoningSignature) : Optional.empty(),
        later(first.cacheMark(), second.cacheMark()));
  }

  private static String joined(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "\n" + second;
  }
}
