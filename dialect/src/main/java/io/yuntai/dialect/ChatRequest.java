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
 * @param thinking whether the model thinks first
 * @param labels what no answer depends on
 */
public record ChatRequest(
    String model,
    List<Message> messages,
    ToolUse toolUse,
    GenerationSettings settings,
    Delivery delivery,
    Map<String, Object> templateVariables,
    Thinking thinking,
    Labels labels)
    implements ModelRequest {
  /** As the model thinks by itself, and without labels. */
  public ChatRequest(
      String model,
      List<Message> messages,
      ToolUse toolUse,
      GenerationSettings settings,
      Delivery delivery,
      Map<String, Object> templateVariables) {
    this(
        model,
        messages,
        toolUse,
        settings,
        delivery,
        templateVariables,
        Thinking.DEFAULT,
        Labels.NONE);
  }

  /** Copies what could change. */
  public ChatRequest {
    messages = List.copyOf(messages);
    templateVariables = Collections.unmodifiableMap(new LinkedHashMap<>(templateVariables));
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a conversation has at least one message");
    }
  }
}
