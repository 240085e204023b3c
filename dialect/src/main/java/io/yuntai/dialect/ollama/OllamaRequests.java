package io.yuntai.dialect.ollama;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import io.yuntai.dialect.openai.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Bodies of Ollama's requests. */
public final class OllamaRequests {
  private static final int MAX_MODEL_CHARS = 256;
  private static final int MAX_INPUTS = 2048;
  private static final int MAX_DIMENSIONS = 1 << 20;
  private static final Delivery STREAM = new Delivery(true, true);

  private OllamaRequests() {}

  /**
   * Reads a body of {@code /api/chat}.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static OllamaCall decodeChat(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    JsonNode node = fields.node("messages");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return new OllamaCall.Load(model, true, unloads(fields));
    }
    List<Message> messages = OllamaMessages.of(node);
    ToolUse tools = Tools.of(fields);
    return new OllamaCall.Generate(
        new ChatRequest(
            model,
            messages,
            tools,
            OllamaOptions.of(fields, form(fields)),
            STREAM,
            Map.of(),
            thinking(fields),
            Labels.NONE,
            messages.getLast().role() == Role.ASSISTANT),
        true,
        streams(fields));
  }

  /**
   * Reads a body of {@code /api/generate}.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static OllamaCall decodeGenerate(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    String prompt = fields.text("prompt", Integer.MAX_VALUE).orElse("");
    refuse(fields, "template");
    refuse(fields, "suffix");
    refuse(fields, "images");
    refuse(fields, "context");
    if (prompt.isEmpty()) {
      return new OllamaCall.Load(model, false, unloads(fields));
    }
    GenerationSettings settings = OllamaOptions.of(fields, form(fields));
    Optional<String> system =
        fields.text("system", Integer.MAX_VALUE).filter(text -> !text.isEmpty());
    boolean stream = streams(fields);
    if (fields.flag("raw")) {
      if (system.isPresent()) {
        throw Refusals.combination("system", "'system' has no place in a prompt that is 'raw'.");
      }
      return new OllamaCall.Generate(
          new CompletionRequest(model, List.of(new Prompt.Text(prompt)), settings, STREAM),
          false,
          stream);
    }
    List<Message> messages = new ArrayList<>();
    system.ifPresent(text -> messages.add(Message.of(Role.SYSTEM, text)));
    messages.add(Message.of(Role.USER, prompt));
    return new OllamaCall.Generate(
        new ChatRequest(
            model,
            messages,
            ToolUse.NONE,
            settings,
            STREAM,
            Map.of(),
            thinking(fields),
            Labels.NONE),
        false,
        stream);
  }

  /**
   * Reads a body of {@code /api/embed}.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static EmbeddingRequest decodeEmbed(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    JsonNode node = fields.node("input");
    if (node == null) {
      throw Refusals.missing("input");
    }
    List<Prompt> inputs = new ArrayList<>();
    if (node.isString()) {
      inputs.add(new Prompt.Text(text(node, "input")));
    } else {
      Fields.requireArray(node, "input", MAX_INPUTS);
      for (int i = 0; i < node.size(); i++) {
        inputs.add(new Prompt.Text(text(node.get(i), "input[" + i + "]")));
      }
    }
    return new EmbeddingRequest(
        model,
        inputs,
        node.isArray(),
        fields.integer("dimensions", 1, MAX_DIMENSIONS),
        false,
        // Ollama cuts unless it is told not to; here only who asks for it gets half a text's
        // vector.
        fields.flag("truncate") ? new Truncation.ToContext() : new Truncation.Refuse(),
        new InputRole.Document());
  }

  /**
   * Reads a body of the older {@code /api/embeddings}.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static EmbeddingRequest decodeEmbeddings(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    String prompt = fields.requiredText("prompt", Integer.MAX_VALUE);
    if (prompt.isEmpty()) {
      throw Refusals.outOfRange("empty_string", "prompt", "it is an empty string");
    }
    return new EmbeddingRequest(
        model,
        List.of(new Prompt.Text(prompt)),
        false,
        OptionalInt.empty(),
        false,
        new Truncation.Refuse(),
        new InputRole.Document());
  }

  /**
   * The model that a body of {@code /api/show} names.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static String decodeShow(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    return fields.node("model") == null
        ? fields.requiredText("name", MAX_MODEL_CHARS)
        : model(fields);
  }

  private static String model(Fields fields) throws ApiException {
    String model = fields.requiredText("model", MAX_MODEL_CHARS);
    if (model.isBlank()) {
      throw Refusals.missing("model");
    }
    return model;
  }

  private static String text(JsonNode node, String path) throws ApiException {
    String text = Fields.text(node, path, Integer.MAX_VALUE);
    if (text.isEmpty()) {
      throw Refusals.outOfRange("empty_string", path, "it is an empty string");
    }
    return text;
  }

  private static void refuse(Fields fields, String name) throws ApiException {
    JsonNode node = fields.node(name);
    boolean nothing =
        node == null
            || (node.isString() && node.stringValue().isEmpty())
            || (node.isArray() && node.isEmpty());
    if (!nothing) {
      throw Refusals.unsupported(name);
    }
  }

  private static boolean streams(Fields fields) throws ApiException {
    return fields.node("stream") == null || fields.flag("stream");
  }

  /** {@code keep_alive} of nothing, as a number or as a text with a unit. */
  private static boolean unloads(Fields fields) {
    JsonNode keep = fields.node("keep_alive");
    return keep != null
        && (keep.isNumber()
            ? keep.doubleValue(1) == 0
            : keep.isString() && keep.stringValue().matches("0+(ns|us|ms|s|m|h)?"));
  }

  private static AnswerForm form(Fields fields) throws ApiException {
    JsonNode node = fields.node("format");
    if (node == null || (node.isString() && node.stringValue().isEmpty())) {
      return AnswerForm.FREE;
    }
    if (node.isString()) {
      if (!node.stringValue().equals("json")) {
        throw Refusals.badValue("format", node.stringValue(), "'json' and a JSON Schema");
      }
      return new AnswerForm.JsonObject("format");
    }
    Object schema = node.isObject() ? PlainJson.exact(node) : null;
    if (schema == null) {
      throw Refusals.wrongType("format", "'json' or a JSON Schema", node);
    }
    return new AnswerForm.JsonSchema("format", schema);
  }

  private static Thinking thinking(Fields fields) throws ApiException {
    JsonNode node = fields.node("think");
    if (node == null) {
      return Thinking.DEFAULT;
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? on(Thinking.Effort.UNSPECIFIED) : new Thinking.Off();
    }
    String effort = Fields.text(node, "think", 64);
    return switch (effort) {
      case "low" -> on(Thinking.Effort.LOW);
      case "medium" -> on(Thinking.Effort.MEDIUM);
      case "high" -> on(Thinking.Effort.HIGH);
      default -> throw Refusals.badValue("think", effort, "true, false, 'low', 'medium', 'high'");
    };
  }

  private static Thinking on(Thinking.Effort effort) {
    return new Thinking.On(effort, OptionalInt.empty());
  }
}
