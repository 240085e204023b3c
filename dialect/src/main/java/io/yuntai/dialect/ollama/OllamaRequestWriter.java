package io.yuntai.dialect.ollama;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.json.JsonBytes;
import java.util.Locale;

/**
 * Requests to the bodies that {@link OllamaRequests} reads. Each setting is spelled out, since
 * Ollama's defaults are its own, and nothing may be cut: what has no room is to be refused. What
 * Ollama has no word for is refused.
 */
final class OllamaRequestWriter {
  private OllamaRequestWriter() {}

  static byte[] write(ChatRequest request) throws ApiException {
    refuseInexpressible(request);
    JsonBytes out = begin(request.model(), request.delivery());
    out.raw(",\"messages\":[");
    for (int i = 0; i < request.messages().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      message(out, request.messages().get(i));
    }
    out.raw("]");
    tools(out, request.toolUse());
    thinking(out, request.thinking());
    settings(out, request.settings());
    return out.raw("}").toBytes();
  }

  static byte[] write(CompletionRequest request) throws ApiException {
    refuse(request.prompts().size() > 1, "prompt' of several texts, 'prompt");
    JsonBytes out = begin(request.model(), request.delivery()).raw(",\"raw\":true,\"prompt\":");
    switch (request.prompts().getFirst()) {
      case Prompt.Text(String text) -> out.text(text);
      case Prompt.Tokens _ -> refuse(true, "prompt' of token ids, 'prompt");
    }
    settings(out, request.settings());
    return out.raw("}").toBytes();
  }

  static byte[] write(EmbeddingRequest request) throws ApiException {
    refuse(request.role() instanceof InputRole.Query, "input_type");
    refuse(request.truncation() instanceof Truncation.ToTokens, "truncate_prompt_tokens");
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"input\":[");
    for (int i = 0; i < request.inputs().size(); i++) {
      switch (request.inputs().get(i)) {
        case Prompt.Text(String text) -> out.raw(i == 0 ? "" : ",").text(text);
        case Prompt.Tokens _ -> refuse(true, "input' of token ids, 'input");
      }
    }
    out.raw("],\"truncate\":");
    out.raw(request.truncation() instanceof Truncation.ToContext ? "true" : "false");
    if (request.dimensions().isPresent()) {
      out.raw(",\"dimensions\":").number(request.dimensions().getAsInt());
    }
    return out.raw("}").toBytes();
  }

  private static JsonBytes begin(String model, Delivery delivery) {
    return new JsonBytes(2048)
        .raw("{\"model\":")
        .text(model)
        .raw(delivery.stream() ? ",\"stream\":true" : ",\"stream\":false")
        .raw(",\"truncate\":false,\"shift\":false");
  }

  private static void refuseInexpressible(ChatRequest request) throws ApiException {
    ToolUse use = request.toolUse();
    boolean tools = !use.tools().isEmpty();
    refuse(tools && (use.choice() instanceof Choice.Required), "tool_choice");
    refuse(tools && (use.choice() instanceof Choice.Named), "tool_choice");
    refuse(tools && use.allowsCalls() && !use.parallel(), "parallel_tool_calls");
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
              "The model is served by Ollama's API, which has no '%s'; leave it out."
                  .formatted(field)));
    }
  }

  private static void message(JsonBytes out, Message message) throws ApiException {
    out.raw("{\"role\":");
    out.raw(
        switch (message.role()) {
          case SYSTEM, DEVELOPER -> "\"system\"";
          case USER -> "\"user\"";
          case ASSISTANT -> "\"assistant\"";
          case TOOL -> "\"tool\"";
        });
    out.raw(",\"content\":").text(message.content());
    message.reasoning().ifPresent(text -> out.raw(",\"thinking\":").text(text));
    if (message.role() == Message.Role.TOOL) {
      message.name().ifPresent(name -> out.raw(",\"tool_name\":").text(name));
    }
    message.toolCallId().ifPresent(id -> out.raw(",\"tool_call_id\":").text(id));
    for (int i = 0; i < message.toolCalls().size(); i++) {
      ToolCall call = message.toolCalls().get(i);
      out.raw(i == 0 ? ",\"tool_calls\":[" : ",").raw("{\"id\":").text(call.id());
      out.raw(",\"function\":{\"index\":").number(i).raw(",\"name\":").text(call.name());
      out.raw(",\"arguments\":");
      OllamaStream.arguments(out, call.arguments());
      out.raw(i == message.toolCalls().size() - 1 ? "}}]" : "}}");
    }
    out.raw("}");
  }

  private static void tools(JsonBytes out, ToolUse use) {
    if (use.allowsCalls()) {
      out.raw(",\"tools\":").value(use.tools().stream().map(Tool::definition).toList());
    }
  }

  private static void thinking(JsonBytes out, Thinking thinking) {
    switch (thinking) {
      case Thinking.Default _ -> {}
      case Thinking.Off _ -> out.raw(",\"think\":false");
      case Thinking.On on -> {
        out.raw(",\"think\":");
        switch (on.effort()) {
          case LOW, MEDIUM, HIGH -> out.text(on.effort().name().toLowerCase(Locale.ROOT));
          case MINIMAL -> out.text(Effort.LOW.name().toLowerCase(Locale.ROOT));
          case XHIGH -> out.text(Effort.HIGH.name().toLowerCase(Locale.ROOT));
          case UNSPECIFIED -> out.raw("true");
        }
      }
    }
  }

  private static void settings(JsonBytes out, GenerationSettings settings) throws ApiException {
    refuse(!settings.logitBias().isEmpty(), "logit_bias");
    refuse(settings.choices() > 1, "n");
    switch (settings.form()) {
      case AnswerForm.Free _ -> {}
      case AnswerForm.JsonObject _ -> out.raw(",\"format\":\"json\"");
      case AnswerForm.JsonSchema schema -> {
        // Ollama takes objects only.
        refuse(schema.schema() instanceof Boolean, "json_schema' that is no object, 'json_schema");
        out.raw(",\"format\":").value(schema.schema());
      }
      case AnswerForm form -> refuse(true, form.field());
    }
    if (settings.topLogprobs() >= 0) {
      out.raw(",\"logprobs\":true,\"top_logprobs\":").number(settings.topLogprobs());
    }
    out.raw(",\"options\":{\"temperature\":").number(settings.temperature());
    out.raw(",\"top_p\":").number(settings.topP());
    out.raw(",\"top_k\":").number(settings.topK());
    out.raw(",\"min_p\":").number(settings.minP());
    out.raw(",\"presence_penalty\":").number(settings.presencePenalty());
    out.raw(",\"frequency_penalty\":").number(settings.frequencyPenalty());
    out.raw(",\"repeat_penalty\":").number(settings.repetition().factor());
    int last = settings.repetition().lastTokens();
    out.raw(",\"repeat_last_n\":").number(last == 0 ? -1 : last);
    if (settings.maxTokens().isPresent()) {
      out.raw(",\"num_predict\":").number(settings.maxTokens().getAsInt());
    }
    if (settings.seed().isPresent()) {
      out.raw(",\"seed\":").number(settings.seed().getAsLong());
    }
    if (!settings.stop().isEmpty()) {
      out.raw(",\"stop\":").value(settings.stop());
    }
    out.raw("}");
  }
}
