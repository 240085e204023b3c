package io.yuntai.dialect.dashscope;

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
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.openai.AnswerJson;
import java.util.List;

/**
 * Requests to the bodies that {@link DashScopeRequests} reads, with answers wanted as messages in
 * pieces. What DashScope has no word for is refused.
 */
final class DashScopeRequestWriter {
  private DashScopeRequestWriter() {}

  static byte[] write(ChatRequest request) throws ApiException {
    refuseInexpressible(request);
    JsonBytes out = new JsonBytes(2048).raw("{\"model\":").text(request.model());
    out.raw(",\"input\":{\"messages\":[");
    List<Message> messages = request.messages();
    for (int i = 0; i < messages.size(); i++) {
      out.raw(i == 0 ? "" : ",");
      message(out, messages.get(i), request.continued() && i == messages.size() - 1);
    }
    out.raw("]},\"parameters\":{\"result_format\":\"message\"");
    if (request.delivery().stream()) {
      out.raw(",\"incremental_output\":true");
    }
    settings(out, request.settings());
    toolUse(out, request.toolUse());
    thinking(out, request.thinking());
    return out.raw("}}").toBytes();
  }

  private static void refuseInexpressible(ChatRequest request) throws ApiException {
    GenerationSettings settings = request.settings();
    refuse(settings.minP() != 0, "min_p");
    refuse(settings.repetition().lastTokens() != 0, "repeat_last_n");
    refuse(!settings.logitBias().isEmpty(), "logit_bias");
    refuse(request.toolUse().choice() instanceof Choice.Required, "tool_choice 'required'");
    switch (settings.form()) {
      case AnswerForm.Free _, AnswerForm.JsonObject _, AnswerForm.JsonSchema _ -> {}
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
              "The model is served by DashScope's API, which has no '%s'; leave it out."
                  .formatted(field)));
    }
  }

  private static void message(JsonBytes out, Message message, boolean partial) {
    Role role = message.role();
    out.raw("{\"role\":");
    out.raw(
        switch (role) {
          case SYSTEM, DEVELOPER -> "\"system\"";
          case USER -> "\"user\"";
          case ASSISTANT -> "\"assistant\"";
          case TOOL -> "\"tool\"";
        });
    out.raw(",\"content\":");
    if (message.cacheMark() == CacheMark.NONE) {
      out.text(message.content());
    } else {
      out.raw("[{\"type\":\"text\",\"text\":").text(message.content());
      out.raw(",\"cache_control\":{\"type\":\"ephemeral\"}}]");
    }
    message.name().ifPresent(name -> out.raw(",\"name\":").text(name));
    message.toolCallId().ifPresent(id -> out.raw(",\"tool_call_id\":").text(id));
    message.reasoning().ifPresent(text -> out.raw(",\"reasoning_content\":").text(text));
    if (!message.toolCalls().isEmpty()) {
      out.raw(",\"tool_calls\":");
      AnswerJson.toolCalls(out, message.toolCalls());
    }
    out.raw(partial ? ",\"partial\":true}" : "}");
  }

  private static void settings(JsonBytes out, GenerationSettings settings) {
    if (settings.maxTokens().isPresent()) {
      out.raw(",\"max_tokens\":").number(settings.maxTokens().getAsInt());
    }
    // What is said of sampling is OpenAI's default unless somebody asked for more; DashScope's
    // models have defaults of their own, which that would override.
    number(out, "temperature", settings.temperature(), 1);
    number(out, "top_p", settings.topP(), 1);
    number(out, "presence_penalty", settings.presencePenalty(), 0);
    number(out, "frequency_penalty", settings.frequencyPenalty(), 0);
    number(out, "repetition_penalty", settings.repetition().factor(), 1);
    if (settings.topK() != 0) {
      out.raw(",\"top_k\":").number(settings.topK());
    }
    if (settings.seed().isPresent()) {
      out.raw(",\"seed\":").number(settings.seed().getAsLong());
    }
    if (!settings.stop().isEmpty()) {
      out.raw(",\"stop\":").value(settings.stop());
    }
    if (settings.choices() != 1) {
      out.raw(",\"n\":").number(settings.choices());
    }
    if (settings.topLogprobs() >= 0) {
      out.raw(",\"logprobs\":true,\"top_logprobs\":").number(settings.topLogprobs());
    }
    switch (settings.form()) {
      case AnswerForm.JsonObject _ -> out.raw(",\"response_format\":{\"type\":\"json_object\"}");
      case AnswerForm.JsonSchema schema -> {
        out.raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{");
        out.raw("\"name\":\"answer\",\"strict\":true,\"schema\":");
        out.value(schema.schema()).raw("}}");
      }
      default -> {}
    }
  }

  private static void number(JsonBytes out, String name, double value, double otherwise) {
    if (value != otherwise) {
      out.raw(",\"").raw(name).raw("\":").number(value);
    }
  }

  private static void toolUse(JsonBytes out, ToolUse use) {
    if (use.tools().isEmpty()) {
      return;
    }
    out.raw(",\"tools\":").value(use.tools().stream().map(Tool::definition).toList());
    out.raw(",\"tool_choice\":");
    switch (use.choice()) {
      case Choice.Never _ -> out.raw("\"none\"");
      case Choice.Free _, Choice.Required _ -> out.raw("\"auto\"");
      case Choice.Named named ->
          out.raw("{\"type\":\"function\",\"function\":{\"name\":").text(named.name()).raw("}}");
    }
    out.raw(use.parallel() ? ",\"parallel_tool_calls\":true" : "");
  }

  private static void thinking(JsonBytes out, Thinking thinking) {
    switch (thinking) {
      case Thinking.Default _ -> {}
      case Thinking.Off _ -> out.raw(",\"enable_thinking\":false");
      case Thinking.On on -> {
        out.raw(",\"enable_thinking\":true");
        if (on.budgetTokens().isPresent()) {
          out.raw(",\"thinking_budget\":").number(on.budgetTokens().getAsInt());
        }
      }
    }
  }
}
