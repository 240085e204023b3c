package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.json.JsonBytes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests to the bodies that {@link OpenAiRequests} reads: for clients, and for passing a request
 * on.
 */
public final class OpenAiRequestWriter {
  private static final OpenAiRequestWriter EXPLICIT = new OpenAiRequestWriter(OpenAiFlavour.YUNTAI);

  private final OpenAiFlavour flavour;

  OpenAiRequestWriter(OpenAiFlavour flavour) {
    this.flavour = flavour;
  }

  /** A body of {@code POST /v1/chat/completions} with each setting spelled out. */
  public static byte[] encode(ChatRequest request) {
    return EXPLICIT.write(request);
  }

  /** A body of {@code POST /v1/completions} with each setting spelled out. */
  public static byte[] encode(CompletionRequest request) {
    return EXPLICIT.write(request);
  }

  byte[] write(ChatRequest request) {
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"messages\":[");
    for (int i = 0; i < request.messages().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      message(out, request.messages().get(i));
    }
    out.raw("]");
    toolUse(out, request.toolUse());
    GenerationSettings settings = request.settings();
    if (settings.maxTokens().isPresent()) {
      out.raw(
          flavour == OpenAiFlavour.COMPATIBLE ? ",\"max_tokens\":" : ",\"max_completion_tokens\":");
      out.number(settings.maxTokens().getAsInt());
    }
    if (settings.topLogprobs() >= 0) {
      out.raw(",\"logprobs\":true,\"top_logprobs\":").number(settings.topLogprobs());
    }
    settings(out, settings);
    delivery(out, request.delivery());
    thinking(out, request);
    labels(out, request.labels());
    return out.raw("}").toBytes();
  }

  byte[] write(CompletionRequest request) {
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"prompt\":[");
    for (int i = 0; i < request.prompts().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      switch (request.prompts().get(i)) {
        case Prompt.Text text -> out.text(text.text());
        case Prompt.Tokens tokens -> out.value(tokens.ids());
      }
    }
    out.raw("]");
    GenerationSettings settings = request.settings();
    if (settings.maxTokens().isPresent()) {
      out.raw(",\"max_tokens\":").number(settings.maxTokens().getAsInt());
    }
    if (settings.topLogprobs() >= 0) {
      out.raw(",\"logprobs\":").number(settings.topLogprobs());
    }
    settings(out, settings);
    delivery(out, request.delivery());
    return out.raw("}").toBytes();
  }

  /** OpenAI has one word for it; other servers leave it to the model's template. */
  private void thinking(JsonBytes out, ChatRequest request) {
    Map<String, Object> variables = new LinkedHashMap<>(request.templateVariables());
    switch (request.thinking()) {
      case Thinking.Default _ -> {}
      case Thinking.Off _ -> {
        if (flavour == OpenAiFlavour.COMPATIBLE) {
          variables.putIfAbsent("enable_thinking", false);
        } else {
          out.raw(",\"reasoning_effort\":\"none\"");
        }
      }
      case Thinking.On on -> {
        if (on.effort() != Effort.UNSPECIFIED) {
          out.raw(",\"reasoning_effort\":").text(on.effort().name().toLowerCase(Locale.ROOT));
        } else if (flavour == OpenAiFlavour.COMPATIBLE) {
          variables.putIfAbsent("enable_thinking", true);
        } else if (flavour == OpenAiFlavour.YUNTAI) {
          out.raw(",\"enable_thinking\":true");
          on.budgetTokens().ifPresent(most -> out.raw(",\"thinking_budget\":").number(most));
        }
      }
    }
    if (!variables.isEmpty()) {
      out.raw(",\"chat_template_kwargs\":").value(variables);
    }
  }

  /** OpenAI takes metadata only of what it stores, and servers like it know none of these. */
  private void labels(JsonBytes out, Labels labels) {
    if (flavour == OpenAiFlavour.COMPATIBLE) {
      return;
    }
    labels.promptCacheKey().ifPresent(key -> out.raw(",\"prompt_cache_key\":").text(key));
    labels.safetyIdentifier().ifPresent(id -> out.raw(",\"safety_identifier\":").text(id));
    if (flavour == OpenAiFlavour.YUNTAI && !labels.metadata().isEmpty()) {
      out.raw(",\"metadata\":").value(labels.metadata());
    }
  }

  private void message(JsonBytes out, Message message) {
    boolean oldRoles = flavour == OpenAiFlavour.COMPATIBLE;
    Message.Role role =
        oldRoles && message.role() == Message.Role.DEVELOPER ? Message.Role.SYSTEM : message.role();
    out.raw("{\"role\":").text(Messages.nameOf(role));
    out.raw(",\"content\":").text(message.content());
    message.name().ifPresent(name -> out.raw(",\"name\":").text(name));
    message.toolCallId().ifPresent(id -> out.raw(",\"tool_call_id\":").text(id));
    if (!flavour.strict()) {
      message.reasoning().ifPresent(text -> out.raw(",\"reasoning_content\":").text(text));
    }
    if (!message.toolCalls().isEmpty()) {
      out.raw(",\"tool_calls\":");
      AnswerJson.toolCalls(out, message.toolCalls());
    }
    out.raw("}");
  }

  private void toolUse(JsonBytes out, ToolUse toolUse) {
    if (!toolUse.tools().isEmpty()) {
      out.raw(",\"tools\":");
      out.value(toolUse.tools().stream().map(Tool::definition).toList());
    } else if (flavour != OpenAiFlavour.YUNTAI) {
      return; // others refuse a choice among no tools
    }
    switch (toolUse.choice()) {
      case Choice.Never _ -> out.raw(",\"tool_choice\":\"none\"");
      case Choice.Free _ -> out.raw(",\"tool_choice\":\"auto\"");
      case Choice.Required _ -> out.raw(",\"tool_choice\":\"required\"");
      case Choice.Named named ->
          out.raw(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":")
              .text(named.name())
              .raw("}}");
    }
    if (!toolUse.parallel()) {
      out.raw(",\"parallel_tool_calls\":false");
    }
  }

  private void settings(JsonBytes out, GenerationSettings settings) {
    // OpenAI's default is ours, and its reasoning models refuse even that when it is spelled out.
    // Other servers take theirs from the model's files: there it is said what is meant.
    boolean sampling = !flavour.strict();
    number(out, ",\"temperature\":", settings.temperature(), sampling ? Double.NaN : 1);
    number(out, ",\"top_p\":", settings.topP(), sampling ? Double.NaN : 1);
    number(out, ",\"min_p\":", settings.minP(), 0);
    number(out, ",\"presence_penalty\":", settings.presencePenalty(), 0);
    number(out, ",\"frequency_penalty\":", settings.frequencyPenalty(), 0);
    number(out, ",\"repetition_penalty\":", settings.repetition().factor(), 1);
    if (settings.topK() != 0) {
      out.raw(",\"top_k\":").number(settings.topK());
    }
    if (settings.choices() != 1) {
      out.raw(",\"n\":").number(settings.choices());
    }
    if (!settings.logitBias().isEmpty()) {
      out.raw(",\"logit_bias\":{");
      boolean first = true;
      for (Map.Entry<Integer, Double> bias : new TreeMap<>(settings.logitBias()).entrySet()) {
        out.raw(first ? "" : ",").text(Integer.toString(bias.getKey()));
        out.raw(":").number(bias.getValue());
        first = false;
      }
      out.raw("}");
    }
    if (settings.seed().isPresent()) {
      out.raw(",\"seed\":").number(settings.seed().getAsLong());
    }
    if (!settings.stop().isEmpty()) {
      out.raw(",\"stop\":");
      out.value(settings.stop());
    }
    settings.user().ifPresent(user -> out.raw(",\"user\":").text(user));
    form(out, settings.form());
  }

  private static void number(JsonBytes out, String name, double value, double left) {
    if (value != left) {
      out.raw(name).number(value);
    }
  }

  private static void form(JsonBytes out, AnswerForm form) {
    switch (form) {
      case AnswerForm.Free _ -> {}
      case AnswerForm.JsonObject _ -> out.raw(",\"response_format\":{\"type\":\"json_object\"}");
      case AnswerForm.JsonSchema schema -> {
        out.raw(
            ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"strict\":true,\"schema\":");
        out.value(schema.schema());
        out.raw("}}");
      }
      case AnswerForm.Regex regex -> out.raw(",\"guided_regex\":").text(regex.pattern());
      case AnswerForm.Choice choice -> {
        out.raw(",\"guided_choice\":");
        out.value(choice.texts());
      }
      case AnswerForm.Gbnf grammar -> out.raw(",\"guided_grammar\":").text(grammar.source());
    }
  }

  private void delivery(JsonBytes out, Delivery delivery) {
    if (delivery.stream()) {
      boolean usage = delivery.includeUsage() || flavour != OpenAiFlavour.YUNTAI;
      out.raw(",\"stream\":true,\"stream_options\":{\"include_usage\":");
      out.raw(usage ? "true}" : "false}");
    }
  }
}
