package io.yuntai.server.gateway;

import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a model thinks, by the variables that chat templates ask for: {@code enable_thinking}
 * (Qwen, SmolLM3, GLM), {@code thinking} (DeepSeek, Granite), {@code reasoning_effort} (gpt-oss). A
 * template that asks for none of them does as it always does. What the client sets by itself stays.
 */
final class ThinkingVariables {
  private ThinkingVariables() {}

  /** All variables of a request's template. */
  static Map<String, Object> of(ChatRequest request) {
    Map<String, Object> variables = new LinkedHashMap<>();
    switch (request.thinking()) {
      case Thinking.Default _ -> {}
      case Thinking.Off _ -> {
        variables.put("enable_thinking", false);
        variables.put("thinking", false);
      }
      case Thinking.On on -> {
        variables.put("enable_thinking", true);
        variables.put("thinking", true);
        if (on.effort() != Effort.UNSPECIFIED) {
          variables.put("reasoning_effort", spelled(on.effort()));
        }
      }
    }
    variables.putAll(request.templateVariables());
    return variables;
  }

  /** Templates know three. */
  private static String spelled(Effort effort) {
    return switch (effort) {
      case MINIMAL, LOW -> "low";
      case MEDIUM, UNSPECIFIED -> "medium";
      case HIGH, XHIGH -> "high";
    };
  }
}
