package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CacheMark;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.json.JsonBytes;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Requests to the bodies that {@link AnthropicRequests} reads. What Anthropic has no word for is
 * refused, but for what changes no answer.
 */
final class AnthropicRequestWriter {
  /** Anthropic wants a bound; as many as all its present models can write. */
  private static final int DEFAULT_MAX_TOKENS = 8192;

  /** Anthropic's bound. */
  private static final int MIN_BUDGET_TOKENS = 1024;

  private AnthropicRequestWriter() {}

  static byte[] write(ChatRequest request) throws ApiException {
    refuseInexpressible(request);
    JsonBytes out = new JsonBytes(2048).raw("{\"model\":").text(request.model());
    out.raw(",\"max_tokens\":").number(maxTokens(request));
    system(out, request.messages());
    messages(out, request.messages());
    toolUse(out, request.toolUse());
    settings(out, request.settings());
    thinking(out, request);
    if (request.delivery().stream()) {
      out.raw(",\"stream\":true");
    }
    return out.raw("}").toBytes();
  }

  private static void refuseInexpressible(ChatRequest request) throws ApiException {
    GenerationSettings settings = request.settings();
    refuse(settings.temperature() > 1, "temperature");
    refuse(settings.minP() != 0, "min_p");
    refuse(settings.presencePenalty() != 0, "presence_penalty");
    refuse(settings.frequencyPenalty() != 0, "frequency_penalty");
    refuse(!settings.repetition().isNone(), "repetition_penalty");
    refuse(!settings.logitBias().isEmpty(), "logit_bias");
    refuse(settings.seed().isPresent(), "seed");
    refuse(settings.choices() > 1, "n");
    refuse(settings.topLogprobs() >= 0, "logprobs");
    switch (settings.form()) {
      case AnswerForm.Free _, AnswerForm.JsonSchema _ -> {}
      case AnswerForm form -> refuse(true, form.field());
    }
    for (String variable : request.templateVariables().keySet()) {
      refuse(true, variable);
    }
  }

  private static void refuse(boolean present, String field) throws ApiException {
    if (present) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_parameter",
              field,
              "The model is served by Anthropic's API, which has no '%s'; leave it out."
                  .formatted(field)));
    }
  }

  private static int maxTokens(ChatRequest request) {
    int answer = request.settings().maxTokens().orElse(DEFAULT_MAX_TOKENS);
    boolean open = request.settings().maxTokens().isEmpty();
    return open && request.thinking() instanceof Thinking.On on && on.budgetTokens().isPresent()
        ? Math.addExact(answer, Math.min(budget(on), Integer.MAX_VALUE - answer))
        : answer;
  }

  private static int budget(Thinking.On on) {
    return Math.max(MIN_BUDGET_TOKENS, on.budgetTokens().orElse(MIN_BUDGET_TOKENS));
  }

  private static boolean isSystem(Message message) {
    return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
  }

  /** All of them in one place, wherever they were said. */
  private static void system(JsonBytes out, List<Message> messages) {
    List<Message> system =
        messages.stream().filter(m -> isSystem(m) && !m.content().isEmpty()).toList();
    if (!system.isEmpty()) {
      out.raw(",\"system\":[");
      for (int i = 0; i < system.size(); i++) {
        out.raw(i == 0 ? "" : ",");
        text(out, system.get(i).content(), system.get(i).cacheMark());
      }
      out.raw("]");
    }
  }

  private static void messages(JsonBytes out, List<Message> messages) {
    out.raw(",\"messages\":[");
    Role speaker = Role.SYSTEM;
    boolean begun = false;
    for (Message message : messages) {
      if (isSystem(message) || isEmpty(message)) {
        continue;
      }
      // Results of tools are said by the user, in one turn with what else he says.
      Role role = message.role() == Role.ASSISTANT ? Role.ASSISTANT : Role.USER;
      if (role == speaker) {
        out.raw(",");
      } else {
        out.raw(begun ? "]}," : "").raw("{\"role\":");
        out.text(role.name().toLowerCase(Locale.ROOT)).raw(",\"content\":[");
        speaker = role;
        begun = true;
      }
      blocks(out, message);
    }
    out.raw(begun ? "]}]" : "]");
  }

  private static boolean isEmpty(Message message) {
    return message.role() != Role.TOOL
        && message.content().isEmpty()
        && message.toolCalls().isEmpty();
  }

  private static void blocks(JsonBytes out, Message message) {
    if (message.role() == Role.TOOL) {
      out.raw("{\"type\":\"tool_result\",\"tool_use_id\":").text(message.toolCallId().orElse(""));
      if (!message.content().isEmpty()) {
        out.raw(",\"content\":").text(message.content());
      }
      mark(out, message.cacheMark());
      out.raw("}");
      return;
    }
    String comma = "";
    // Anthropic takes thoughts back only with its own signature.
    if (message.reasoning().isPresent() && message.reasoningSignature().isPresent()) {
      out.raw("{\"type\":\"thinking\",\"thinking\":").text(message.reasoning().get());
      out.raw(",\"signature\":").text(message.reasoningSignature().get()).raw("}");
      comma = ",";
    }
    List<ToolCall> calls = message.toolCalls();
    if (!message.content().isEmpty()) {
      out.raw(comma);
      text(out, message.content(), calls.isEmpty() ? message.cacheMark() : CacheMark.NONE);
      comma = ",";
    }
    for (int i = 0; i < calls.size(); i++) {
      out.raw(comma).raw("{\"type\":\"tool_use\",\"id\":").text(calls.get(i).id());
      out.raw(",\"name\":").text(calls.get(i).name()).raw(",\"input\":");
      AnthropicJson.input(out, calls.get(i).arguments());
      mark(out, i == calls.size() - 1 ? message.cacheMark() : CacheMark.NONE);
      out.raw("}");
      comma = ",";
    }
  }

  private static void text(JsonBytes out, String text, CacheMark mark) {
    out.raw("{\"type\":\"text\",\"text\":").text(text);
    mark(out, mark);
    out.raw("}");
  }

  private static void mark(JsonBytes out, CacheMark mark) {
    switch (mark) {
      case NONE -> {}
      case SHORT -> out.raw(",\"cache_control\":{\"type\":\"ephemeral\"}");
      case LONG -> out.raw(",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");
    }
  }

  private static void toolUse(JsonBytes out, ToolUse use) {
    if (use.tools().isEmpty()) {
      return;
    }
    out.raw(",\"tools\":[");
    for (int i = 0; i < use.tools().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      tool(out, use.tools().get(i));
    }
    out.raw("],\"tool_choice\":{\"type\":");
    switch (use.choice()) {
      case Choice.Never _ -> out.raw("\"none\"");
      case Choice.Free _ -> out.raw("\"auto\"");
      case Choice.Required _ -> out.raw("\"any\"");
      case Choice.Named named -> out.raw("\"tool\",\"name\":").text(named.name());
    }
    out.raw(
        use.parallel() || use.choice() instanceof Choice.Never
            ? "}"
            : ",\"disable_parallel_tool_use\":true}");
  }

  private static void tool(JsonBytes out, Tool tool) {
    out.raw("{\"name\":").text(tool.name());
    if (tool.definition().get("function") instanceof Map<?, ?> function) {
      if (function.get("description") instanceof String description) {
        out.raw(",\"description\":").text(description);
      }
      if (Boolean.TRUE.equals(function.get("strict"))) {
        out.raw(",\"strict\":true");
      }
    }
    out.raw(",\"input_schema\":");
    out.value(tool.parameters().isEmpty() ? Map.of("type", "object") : tool.parameters()).raw("}");
  }

  private static void settings(JsonBytes out, GenerationSettings settings) {
    if (settings.temperature() != 1) {
      out.raw(",\"temperature\":").number(settings.temperature());
    }
    if (settings.topP() != 1) {
      out.raw(",\"top_p\":").number(settings.topP());
    }
    if (settings.topK() != 0) {
      out.raw(",\"top_k\":").number(settings.topK());
    }
    if (!settings.stop().isEmpty()) {
      out.raw(",\"stop_sequences\":").value(settings.stop());
    }
    settings.user().ifPresent(user -> out.raw(",\"metadata\":{\"user_id\":").text(user).raw("}"));
  }

  private static void thinking(JsonBytes out, ChatRequest request) {
    String effort = "";
    if (request.thinking() instanceof Thinking.On on) {
      if (on.budgetTokens().isPresent()) {
        out.raw(",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":").number(budget(on));
        out.raw("}");
      } else {
        out.raw(",\"thinking\":{\"type\":\"adaptive\"}");
      }
      effort =
          switch (on.effort()) {
            case UNSPECIFIED -> "";
            case MINIMAL, LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case XHIGH -> "xhigh";
          };
    }
    AnswerForm form = request.settings().form();
    if (!effort.isEmpty() || form instanceof AnswerForm.JsonSchema) {
      out.raw(",\"output_config\":{");
      if (!effort.isEmpty()) {
        out.raw("\"effort\":").text(effort);
      }
      if (form instanceof AnswerForm.JsonSchema schema) {
        out.raw(effort.isEmpty() ? "" : ",")
            .raw("\"format\":{\"type\":\"json_schema\",\"schema\":");
        out.value(schema.schema()).raw("}");
      }
      out.raw("}");
    }
  }
}
