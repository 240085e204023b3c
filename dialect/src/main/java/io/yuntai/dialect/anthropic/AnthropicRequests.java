package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Bodies of {@code POST /v1/messages} and {@code /v1/messages/count_tokens} to requests. */
public final class AnthropicRequests {
  private static final int MAX_MODEL_CHARS = 256;
  private static final int MAX_MESSAGES = 20_000;
  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_CHARS = 1024;
  private static final int MAX_USER_CHARS = 1024;

  private AnthropicRequests() {}

  /**
   * Reads a request for a message.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static ChatRequest decode(byte[] body, AnthropicVersion version) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    OptionalInt maxTokens = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    if (maxTokens.isEmpty()) {
      throw Refusals.missing("max_tokens");
    }
    return decode(fields, version, maxTokens);
  }

  /**
   * Reads a request to count what a message would cost.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static ChatRequest decodeCount(byte[] body, AnthropicVersion version) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    return decode(fields, version, fields.integer("max_tokens", 1, Integer.MAX_VALUE));
  }

  private static ChatRequest decode(Fields fields, AnthropicVersion version, OptionalInt maxTokens)
      throws ApiException {
    String model = fields.requiredText("model", MAX_MODEL_CHARS);
    if (model.isBlank()) {
      throw Refusals.missing("model");
    }
    List<Message> messages = new ArrayList<>();
    system(fields, messages);
    messages(fields, messages);
    ToolUse toolUse = AnthropicTools.of(fields);
    GenerationSettings settings = settings(fields, version, maxTokens);
    Thinking thinking = thinking(fields, maxTokens);
    Delivery delivery = new Delivery(fields.flag("stream"), true);
    refuseServersWork(fields);
    return new ChatRequest(
        model,
        messages,
        toolUse,
        settings,
        delivery,
        Map.of(),
        thinking,
        Labels.NONE,
        // Whoever puts words into the assistant's mouth wants the rest of the sentence.
        messages.getLast().role() == Role.ASSISTANT);
  }

  private static void system(Fields fields, List<Message> messages) throws ApiException {
    JsonNode node = fields.node("system");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return;
    }
    Message system = AnthropicBlocks.textOnly(Role.SYSTEM, node, "system");
    if (!system.content().isEmpty()) {
      messages.add(system);
    }
  }

  private static void messages(Fields fields, List<Message> messages) throws ApiException {
    JsonNode node = fields.node("messages");
    Fields.requireArray(node, "messages", MAX_MESSAGES);
    for (int i = 0; node != null && i < node.size(); i++) {
      AnthropicBlocks.decode(node.get(i), "messages." + i, messages);
    }
  }

  private static GenerationSettings settings(
      Fields fields, AnthropicVersion version, OptionalInt maxTokens) throws ApiException {
    if (version == AnthropicVersion.V2026_10_21) {
      refuseSampling(fields);
    }
    return new GenerationSettings(
        maxTokens,
        fields.decimal("temperature", 0, 1).orElse(1),
        fields.decimal("top_p", 0, 1).orElse(1),
        fields.integer("top_k", 0, Integer.MAX_VALUE).orElse(0),
        0,
        0,
        0,
        Map.of(),
        OptionalLong.empty(),
        stops(fields),
        1,
        -1,
        user(fields),
        form(fields));
  }

  private static void refuseSampling(Fields fields) throws ApiException {
    for (String name : List.of("temperature", "top_p", "top_k")) {
      if (fields.node(name) != null) {
        throw Refusals.outOfRange(
            "unsupported_parameter",
            name,
            "it is not part of %s %s; leave it out, or ask for %s"
                .formatted(
                    AnthropicVersion.HEADER,
                    AnthropicVersion.V2026_10_21.date(),
                    AnthropicVersion.V2023_06_01.date()));
      }
    }
  }

  private static List<String> stops(Fields fields) throws ApiException {
    JsonNode node = fields.node("stop_sequences");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return List.of();
    }
    Fields.requireArray(node, "stop_sequences", MAX_STOPS);
    List<String> stops = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      String path = "stop_sequences." + i;
      String stop = Fields.text(node.get(i), path, MAX_STOP_CHARS);
      if (stop.isEmpty()) {
        throw Refusals.outOfRange("empty_string", path, "it is an empty string");
      }
      stops.add(stop);
    }
    return stops;
  }

  private static Optional<String> user(Fields fields) throws ApiException {
    JsonNode node = fields.node("metadata");
    return node == null
        ? Optional.empty()
        : Fields.of(node, "metadata").text("user_id", MAX_USER_CHARS);
  }

  /** {@code output_config.format}, or {@code output_format} as an older beta calls it. */
  private static AnswerForm form(Fields fields) throws ApiException {
    JsonNode config = fields.node("output_config");
    JsonNode format = config == null ? null : Fields.of(config, "output_config").node("format");
    String path = "output_config.format";
    if (format == null) {
      format = fields.node("output_format");
      path = "output_format";
    }
    if (format == null) {
      return AnswerForm.FREE;
    }
    Fields form = Fields.of(format, path);
    String type = form.requiredText("type", 64);
    if (!type.equals("json_schema")) {
      throw Refusals.badValue(form.pathOf("type"), type, "'json_schema'");
    }
    JsonNode schema = form.node("schema");
    Object parsed = schema == null ? null : PlainJson.exact(schema);
    if (schema == null || parsed == null) {
      throw Refusals.missing(form.pathOf("schema"));
    }
    if (!schema.isObject() && !schema.isBoolean()) {
      throw Refusals.wrongType(form.pathOf("schema"), "a JSON Schema", schema);
    }
    return new AnswerForm.JsonSchema(form.pathOf("schema"), parsed);
  }

  /** Absent means no; {@code adaptive} leaves it to the model, and open models then think. */
  private static Thinking thinking(Fields fields, OptionalInt maxTokens) throws ApiException {
    JsonNode node = fields.node("thinking");
    if (node == null) {
      return new Thinking.Off();
    }
    Fields thinking = Fields.of(node, "thinking");
    String type = thinking.requiredText("type", 64);
    OptionalInt budget = thinking.integer("budget_tokens", 1, Integer.MAX_VALUE);
    return switch (type) {
      case "disabled" -> new Thinking.Off();
      case "adaptive" -> new Thinking.On(effort(fields), OptionalInt.empty());
      case "enabled" -> {
        if (budget.isEmpty()) {
          throw Refusals.missing("thinking.budget_tokens");
        }
        if (maxTokens.isPresent() && budget.getAsInt() >= maxTokens.getAsInt()) {
          throw Refusals.outOfRange(
              "invalid_parameter_combination",
              "thinking.budget_tokens",
              "it must be less than max_tokens, which is " + maxTokens.getAsInt());
        }
        yield new Thinking.On(effort(fields), budget);
      }
      default ->
          throw Refusals.badValue("thinking.type", type, "'enabled', 'disabled' and 'adaptive'");
    };
  }

  /** {@code output_config.effort}; a word that we don't know is a newer one. */
  private static Thinking.Effort effort(Fields fields) throws ApiException {
    JsonNode config = fields.node("output_config");
    if (config == null) {
      return Thinking.Effort.UNSPECIFIED;
    }
    return switch (Fields.of(config, "output_config").text("effort", 64).orElse("")) {
      case "low" -> Thinking.Effort.LOW;
      case "medium" -> Thinking.Effort.MEDIUM;
      case "high" -> Thinking.Effort.HIGH;
      case "xhigh", "max" -> Thinking.Effort.XHIGH;
      default -> Thinking.Effort.UNSPECIFIED;
    };
  }

  /** What would make the server itself fetch, search or run something. */
  private static void refuseServersWork(Fields fields) throws ApiException {
    JsonNode servers = fields.node("mcp_servers");
    if (servers != null && !(servers.isArray() && servers.isEmpty())) {
      throw Refusals.unsupported("mcp_servers");
    }
    if (fields.node("container") != null) {
      throw Refusals.unsupported("container");
    }
  }
}
