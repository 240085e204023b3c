package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Parts of answers that whole and streamed ones have in common. */
final class AnthropicJson {
  /**
   * What the thoughts of our own models are signed with: clients keep a signature and send it back,
   * and here nobody checks it.
   */
  static final String UNSIGNED = "eXVudGFp";

  private AnthropicJson() {}

  /** The message's id: what is random in ours, by Anthropic's prefix. */
  static String id(AnswerHead head) {
    return "msg_" + head.id().substring(head.id().indexOf('-') + 1);
  }

  static void stop(JsonBytes out, FinishReason reason, Optional<String> stopText) {
    out.raw("\"stop_reason\":");
    out.text(
        switch (reason) {
          case STOP -> stopText.isPresent() ? "stop_sequence" : "end_turn";
          case LENGTH -> "max_tokens";
          case TOOL_CALLS -> "tool_use";
          case CONTENT_FILTER -> "refusal";
        });
    out.raw(",\"stop_sequence\":");
    if (stopText.isPresent()) {
      out.text(stopText.get());
    } else {
      out.raw("null");
    }
  }

  /** Why an upstream's answer ended; what we don't know counts as a plain end. */
  static FinishReason reason(String name) {
    return switch (name) {
      case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
      case "tool_use" -> FinishReason.TOOL_CALLS;
      case "refusal" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }

  /** Anthropic counts what was read from a cache and what was stored there beside the rest. */
  static void usage(JsonBytes out, Usage usage) {
    long fresh = usage.promptTokens() - usage.cachedPromptTokens() - usage.cacheWriteTokens();
    out.raw("{\"input_tokens\":").number(fresh);
    out.raw(",\"cache_creation_input_tokens\":").number(usage.cacheWriteTokens());
    out.raw(",\"cache_read_input_tokens\":").number(usage.cachedPromptTokens());
    out.raw(",\"output_tokens\":").number(usage.completionTokens()).raw("}");
  }

  /**
   * A call's arguments as the object that they must be. What a model left unfinished or wrote wrong
   * becomes an object that holds it, so that nothing of it is lost.
   */
  static void input(JsonBytes out, String arguments) {
    if (arguments.isBlank()) {
      out.raw("{}");
      return;
    }
    byte[] json = arguments.getBytes(StandardCharsets.UTF_8);
    try {
      JsonBody.parse(json);
      out.raw(json);
    } catch (ApiException _) {
      out.raw("{\"unreadable_arguments\":").text(arguments).raw("}");
    }
  }
}
