package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Bodies of {@code POST /v1/chat/completions} and {@code /v1/completions} to requests. */
public final class OpenAiRequests {
  static final int MAX_MODEL_CHARS = 256;
  private static final int MAX_MESSAGES = 2048;

  /** Prompts of one completion; with the choices of each it is bounded again further down. */
  private static final int MAX_PROMPTS = 128;

  /** OpenAI's documented default for completions; chat has none. */
  private static final int COMPLETION_MAX_TOKENS = 16;

  private static final int MAX_COMPLETION_LOGPROBS = 5;
  private static final int MAX_LABEL_CHARS = 1024;

  /** OpenAI's bounds of metadata. */
  private static final int MAX_METADATA = 16;

  private static final int MAX_METADATA_CHARS = 512;

  private OpenAiRequests() {}

  /**
   * Reads a chat request.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static ChatRequest decodeChat(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    List<Message> messages = messages(fields);
    ToolUse toolUse = Tools.of(fields);
    GenerationSettings settings =
        Settings.of(fields, chatMaxTokens(fields), Settings.chatLogprobs(fields));
    Delivery delivery = delivery(fields);
    Map<String, Object> variables = TemplateVariables.of(fields);
    Thinking thinking = Thoughts.of(fields);
    Labels labels = labels(fields);
    Unsupported.refuseInChat(fields);
    fields.refuseUnknown();
    return new ChatRequest(
        model, messages, toolUse, settings, delivery, variables, thinking, labels);
  }

  /**
   * Reads a completion request.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static CompletionRequest decodeCompletion(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    List<Prompt> prompts = Prompts.of(fields, "prompt", MAX_PROMPTS);
    OptionalInt maxTokens =
        OptionalInt.of(
            fields.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(COMPLETION_MAX_TOKENS));
    int logprobs = fields.integer("logprobs", 0, MAX_COMPLETION_LOGPROBS).orElse(-1);
    GenerationSettings settings = Settings.of(fields, maxTokens, logprobs);
    refuseBestOf(fields, settings.choices());
    if (prompts.size() * settings.choices() > Settings.MAX_CHOICES) {
      throw Refusals.outOfRange(
          "invalid_value",
          "n",
          "prompts times n is %d, and at most %d answers fit one request"
              .formatted(prompts.size() * settings.choices(), Settings.MAX_CHOICES));
    }
    Delivery delivery = delivery(fields);
    labels(fields);
    Unsupported.refuseInCompletion(fields);
    fields.refuseUnknown();
    return new CompletionRequest(model, prompts, settings, delivery);
  }

  /** The model's name. */
  public static String model(Fields fields) throws ApiException {
    String model = fields.requiredText("model", MAX_MODEL_CHARS);
    if (model.isBlank()) {
      throw Refusals.missing("model");
    }
    return model;
  }

  private static List<Message> messages(Fields fields) throws ApiException {
    JsonNode node = fields.node("messages");
    if (node == null) {
      throw Refusals.missing("messages");
    }
    Fields.requireArray(node, "messages", MAX_MESSAGES);
    List<Message> messages = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      messages.add(Messages.decode(node.get(i), "messages[" + i + "]"));
    }
    return messages;
  }

  private static OptionalInt chatMaxTokens(Fields fields) throws ApiException {
    OptionalInt old = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    OptionalInt current = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (old.isPresent() && current.isPresent()) {
      throw Refusals.combination(
          "max_tokens",
          "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
    }
    return current.isPresent() ? current : old;
  }

  private static Delivery delivery(Fields fields) throws ApiException {
    boolean stream = fields.flag("stream");
    JsonNode node = fields.node("stream_options");
    if (node == null) {
      return new Delivery(stream, false);
    }
    if (!stream) {
      throw Refusals.combination(
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is true.");
    }
    Fields options = Fields.of(node, "stream_options");
    boolean includeUsage = options.flag("include_usage");
    if (options.flag("include_obfuscation")) {
      throw Refusals.unsupported("stream_options.include_obfuscation");
    }
    options.refuseUnknown();
    return new Delivery(stream, includeUsage);
  }

  /** Fields that never change an answer. */
  public static Labels labels(Fields fields) throws ApiException {
    Optional<String> cacheKey = fields.text("prompt_cache_key", MAX_LABEL_CHARS);
    Optional<String> safety = fields.text("safety_identifier", MAX_LABEL_CHARS);
    JsonNode node = fields.node("metadata");
    if (node == null) {
      return new Labels(Map.of(), cacheKey, safety);
    }
    Fields metadata = Fields.of(node, "metadata");
    if (node.size() > MAX_METADATA) {
      throw Refusals.outOfRange(
          "object_above_max_properties",
          "metadata",
          "%d pairs, and at most %d are allowed".formatted(node.size(), MAX_METADATA));
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String name : node.propertyNames()) {
      pairs.put(name, metadata.text(name, MAX_METADATA_CHARS).orElse(""));
    }
    return new Labels(pairs, cacheKey, safety);
  }

  private static void refuseBestOf(Fields fields, int choices) throws ApiException {
    OptionalInt bestOf = fields.integer("best_of", 1, Settings.MAX_CHOICES);
    // As many candidates as answers: there is nothing to choose.
    if (bestOf.isPresent() && bestOf.getAsInt() != choices) {
      throw Refusals.unsupported("best_of");
    }
  }
}
