package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.Refusals;
import io.yuntai.dialect.openai.AnswerForms;
import io.yuntai.dialect.openai.Thoughts;
import io.yuntai.dialect.openai.Tools;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Bodies of {@code text-generation} and {@code multimodal-generation} to requests. */
public final class DashScopeRequests {
  static final int MAX_MODEL_CHARS = 256;
  private static final int MAX_CHOICES = 128;
  private static final int MAX_TOP_LOGPROBS = 20;
  private static final String PARAMETERS = "parameters";
  private static final String RESULT_FORMAT = "result_format";

  private DashScopeRequests() {}

  /**
   * Reads a request for text.
   *
   * @param body UTF-8 JSON
   * @param stream whether the headers ask for a stream
   * @param parts whether it came where models of several media are asked
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static DashScopeCall decode(byte[] body, boolean stream, boolean parts)
      throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = model(fields);
    Fields input = input(fields);
    List<Message> messages = DashScopeMessages.of(input);
    boolean continued = DashScopeMessages.continuesLast(input, messages);
    if (!continued && messages.getLast().role() == Role.ASSISTANT) {
      throw Refusals.outOfRange(
          "invalid_value",
          "input.messages",
          "the last message is the assistant's; set its 'partial' to true to have it continued");
    }
    Fields parameters = parameters(fields);
    refuseUnsupported(parameters);
    ToolUse tools = tools(parameters);
    DashScopeStops stops = DashScopeStops.of(parameters);
    ChatRequest request =
        new ChatRequest(
            model,
            messages,
            tools,
            settings(parameters, stops),
            new Delivery(stream, true),
            Map.of(),
            Thoughts.enabled(parameters),
            Labels.NONE,
            continued);
    boolean asMessages = parts || !tools.tools().isEmpty() || wantsMessages(parameters);
    DashScopeFormat format =
        new DashScopeFormat(asMessages, parameters.flag("incremental_output"), parts);
    return new DashScopeCall(request, format, stops.tokens());
  }

  static String model(Fields fields) throws ApiException {
    String model = fields.requiredText("model", MAX_MODEL_CHARS);
    if (model.isBlank()) {
      throw Refusals.missing("model");
    }
    return model;
  }

  static Fields input(Fields fields) throws ApiException {
    JsonNode node = fields.node("input");
    if (node == null) {
      throw Refusals.missing("input");
    }
    return Fields.of(node, "input");
  }

  static Fields parameters(Fields fields) throws ApiException {
    JsonNode node = fields.node(PARAMETERS);
    return Fields.of(node == null ? JsonNodeFactory.instance.objectNode() : node, PARAMETERS);
  }

  private static boolean wantsMessages(Fields parameters) throws ApiException {
    String format = parameters.text(RESULT_FORMAT, 64).orElse("text");
    return switch (format) {
      case "message" -> true;
      case "text" -> false;
      default ->
          throw Refusals.badValue(parameters.pathOf(RESULT_FORMAT), format, "'text' and 'message'");
    };
  }

  /** DashScope calls one tool at a time unless it is told otherwise. */
  private static ToolUse tools(Fields parameters) throws ApiException {
    ToolUse use = Tools.of(parameters);
    boolean parallel = parameters.flag("parallel_tool_calls");
    return use.tools().isEmpty() ? ToolUse.NONE : new ToolUse(use.tools(), use.choice(), parallel);
  }

  private static GenerationSettings settings(Fields parameters, DashScopeStops stops)
      throws ApiException {
    boolean logprobs = parameters.flag("logprobs");
    int top = parameters.integer("top_logprobs", 0, MAX_TOP_LOGPROBS).orElse(0);
    AnswerForm form = AnswerForms.responseFormat(parameters);
    return new GenerationSettings(
        parameters.integer("max_tokens", 1, Integer.MAX_VALUE),
        parameters.decimal("temperature", 0, 2).orElse(1),
        parameters.decimal("top_p", 0, 1).orElse(1),
        Math.max(0, parameters.integer("top_k", -1, Integer.MAX_VALUE).orElse(0)),
        0,
        parameters.decimal("presence_penalty", -2, 2).orElse(0),
        parameters.decimal("frequency_penalty", -2, 2).orElse(0),
        RepetitionPenalty.of(
            parameters
                .decimal(
                    "repetition_penalty",
                    RepetitionPenalty.MIN_FACTOR,
                    RepetitionPenalty.MAX_FACTOR)
                .orElse(1)),
        Map.of(),
        parameters.wide("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        stops.texts(),
        parameters.integer("n", 1, MAX_CHOICES).orElse(1),
        logprobs ? top : -1,
        Optional.empty(),
        form == null ? AnswerForm.FREE : form);
  }

  private static void refuseUnsupported(Fields parameters) throws ApiException {
    if (parameters.flag("enable_search")) {
      throw Refusals.unsupported(parameters.pathOf("enable_search"));
    }
    if (parameters.flag("enable_code_interpreter")) {
      throw Refusals.unsupported(parameters.pathOf("enable_code_interpreter"));
    }
    if (parameters.node("translation_options") != null) {
      throw Refusals.unsupported(parameters.pathOf("translation_options"));
    }
  }
}
