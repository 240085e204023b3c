package io.yuntai.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation to go on with.
 *
 * @param model the model's name
 * @param messages at least one
 * @param toolUse which tools the answer may call
 * @param settings how the answer is generated
 * @param delivery how the answer is sent
 * @param templateVariables further variables for the model's chat template: parsed JSON in its
 *     order
 */
public record ChatRequest(
    String model,
    List<Message> messages,
    ToolUse toolUse,
    GenerationSettings settings,
    Delivery delivery,
    Map<String, Object> templateVariables)
    implements ModelRequest {
  /** Copies what could change. */
  public ChatRequest {
    messages = List.copyOf(messages);
    templateVariables = Collections.unmodifiableMap(new LinkedHashMap<>(templateVariables));
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a conversation has at least one message");
    }
  }
}
