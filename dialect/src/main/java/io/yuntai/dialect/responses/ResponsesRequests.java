package io.yuntai.dialect.responses;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.Refusals;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.dialect.openai.Thoughts;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Bodies of {@code POST /v1/responses} to requests. */
public final class ResponsesRequests {
  private static final int MAX_ID_CHARS = 128;
  private static final int MAX_USER_CHARS = 1024;
  private static final int MAX_WORD_CHARS = 64;
  private static final int MAX_INCLUDES = 32;
  private static final String ENCRYPTED = "reasoning.encrypted_content";
  private static final String LOGPROBS = "message.output_text.logprobs";

  /** What answers of this server never hold, so that there is nothing to leave out. */
  private static final Set<String> EMPTY_INCLUDES =
      Set.of(
          "web_search_call.results",
          "web_search_call.action.sources",
          "file_search_call.results",
          "code_interpreter_call.outputs",
          "computer_call_output.output.image_url",
          "message.input_image.image_url");

  private ResponsesRequests() {}

  /**
   * Reads a request.
   *
   * @param body UTF-8 JSON
   * @param idSuffix makes ids of items that have none; letters and digits
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static ResponsesRequest decode(byte[] body, String idSuffix) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = OpenAiRequests.model(fields);
    Optional<String> instructions = fields.text("instructions", Integer.MAX_VALUE);
    Optional<String> previous = fields.text("previous_response_id", MAX_ID_CHARS);
    byte[] items = ResponseItems.normalized(fields.node("input"), previous.isPresent(), idSuffix);
    JsonNode storeNode = fields.node("store");
    boolean store = fields.flag("store") || storeNode == null;
    boolean background = fields.flag("background");
    if (background && !store) {
      throw Refusals.combination(
          "background", "The 'background' parameter needs 'store' to be true.");
    }
    boolean stream = stream(fields);
    ResponseTools tools = ResponseTools.of(fields);
    Set<String> includes = includes(fields);
    AnswerForm form = form(fields);
    GenerationSettings settings = settings(fields, includes.contains(LOGPROBS), form);
    Thinking thinking = thinking(fields);
    Labels labels = OpenAiRequests.labels(fields);
    refuseOthers(fields);
    fields.refuseUnknown();
    return new ResponsesRequest(
        model,
        instructions,
        items,
        previous,
        store,
        background,
        tools.use(),
        tools.custom(),
        settings,
        stream,
        thinking,
        labels,
        includes.contains(ENCRYPTED),
        ResponseEcho.of(fields, store, background, settings));
  }

  private static boolean stream(Fields fields) throws ApiException {
    JsonNode options = fields.node("stream_options");
    if (options != null) {
      Fields inner = Fields.of(options, "stream_options");
      // Padding against listeners: there is none here, whoever asks for it or not.
      inner.flag("include_obfuscation");
      inner.refuseUnknown();
    }
    return fields.flag("stream");
  }

  private static Set<String> includes(Fields fields) throws ApiException {
    JsonNode node = fields.node("include");
    Set<String> includes = new HashSet<>();
    if (node == null || (node.isArray() && node.isEmpty())) {
      return includes;
    }
    Fields.requireArray(node, "include", MAX_INCLUDES);
    for (int i = 0; i < node.size(); i++) {
      String path = "include[" + i + "]";
      String name = Fields.text(node.get(i), path, MAX_ID_CHARS);
      if (!EMPTY_INCLUDES.contains(name) && !name.equals(ENCRYPTED) && !name.equals(LOGPROBS)) {
        throw Refusals.badValue(path, name, "'" + ENCRYPTED + "' and '" + LOGPROBS + "'");
      }
      includes.add(name);
    }
    return includes;
  }

  private static GenerationSettings settings(Fields fields, boolean logprobs, AnswerForm form)
      throws ApiException {
    OptionalInt top = fields.integer("top_logprobs", 0, 20);
    return new GenerationSettings(
        fields.integer("max_output_tokens", 1, Integer.MAX_VALUE),
        fields.decimal("temperature", 0, 2).orElse(1),
        fields.decimal("top_p", 0, 1).orElse(1),
        0,
        0,
        0,
        0,
        Map.of(),
        OptionalLong.empty(),
        List.of(),
        1,
        logprobs ? top.orElse(0) : -1,
        fields.text("user", MAX_USER_CHARS),
        form);
  }

  private static AnswerForm form(Fields fields) throws ApiException {
    JsonNode node = fields.node("text");
    if (node == null) {
      return AnswerForm.FREE;
    }
    Fields text = Fields.of(node, "text");
    text.text("verbosity", MAX_WORD_CHARS);
    JsonNode formatNode = text.node("format");
    text.refuseUnknown();
    if (formatNode == null) {
      return AnswerForm.FREE;
    }
    Fields format = Fields.of(formatNode, "text.format");
    String type = format.requiredText("type", MAX_WORD_CHARS);
    AnswerForm form =
        switch (type) {
          case "text" -> AnswerForm.FREE;
          case "json_object" -> new AnswerForm.JsonObject("text.format");
          case "json_schema" -> ResponseTools.schema(format);
          default ->
              throw Refusals.badValue(
                  "text.format.type", type, "'text', 'json_object', and 'json_schema'");
        };
    format.refuseUnknown();
    return form;
  }

  private static Thinking thinking(Fields fields) throws ApiException {
    JsonNode node = fields.node("reasoning");
    if (node == null) {
      return Thinking.DEFAULT;
    }
    Fields reasoning = Fields.of(node, "reasoning");
    Optional<String> effort = reasoning.text("effort", MAX_WORD_CHARS);
    // Thoughts are given whole, so that no summary is needed.
    reasoning.text("summary", MAX_WORD_CHARS);
    reasoning.text("generate_summary", MAX_WORD_CHARS);
    reasoning.text("context", MAX_WORD_CHARS);
    reasoning.refuseUnknown();
    return effort.isEmpty()
        ? Thinking.DEFAULT
        : Thoughts.of(effort.get(), reasoning.pathOf("effort"));
  }

  private static void refuseOthers(Fields fields) throws ApiException {
    Optional<String> truncation = fields.text("truncation", MAX_WORD_CHARS);
    if (truncation.isPresent() && !truncation.get().equals("disabled")) {
      // A conversation is never cut behind its writer's back.
      throw Refusals.unsupportedValue("truncation", "'" + truncation.get() + "', only 'disabled',");
    }
    Optional<String> tier = fields.text("service_tier", MAX_WORD_CHARS);
    if (tier.isPresent() && !Set.of("auto", "default").contains(tier.get())) {
      throw Refusals.unsupportedValue("service_tier", "'" + tier.get() + "', only 'default',");
    }
    for (String name : List.of("conversation", "prompt", "moderation", "context_management")) {
      if (fields.node(name) != null) {
        throw Refusals.unsupported(name);
      }
    }
    // Bounds the tools that OpenAI runs itself; there are none here.
    fields.integer("max_tool_calls", 1, Integer.MAX_VALUE);
    fields.text("prompt_cache_retention", MAX_WORD_CHARS);
    // What coding agents tell OpenAI about themselves.
    fields.node("client_metadata");
  }
}
