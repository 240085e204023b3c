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
 * @param continued whether the answer goes on with the last message, which is an assistant's then:
 *     it begins in the middle of that turn and does not repeat it
 */
public record ChatRequest(
    String model,
    List<Message> messages,
    ToolUse toolUse,
    GenerationSettings settings,
    Delivery delivery,
    Map<String, Object> templateVariables,
    Thinking thinking,
    Labels labels,
    boolean continued)
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

  /** Whose answer is a turn of its own. */
  public ChatRequest(
      String model,
      List<Message> messages,
      ToolUse toolUse,
      GenerationSettings settings,
      Delivery delivery,
      Map<String, Object> templateVariables,
      Thinking thinking,
      Labels labels) {
    this(model, messages, toolUse, settings, delivery, templateVariables, thinking, labels, false);
  }

  /** This request with other settings. */
  public ChatRequest with(GenerationSettings other) {
    return new ChatRequest(
        model, messages, toolUse, other, delivery, templateVariables, thinking, labels, continued);
  }

  @Override
  public ChatRequest withModel(String name) {
    return new ChatRequest(
        name,
        messages,
        toolUse,
        settings,
        delivery,
        templateVariables,
        thinking,
        labels,
        continued);
  }

  /** Copies what could change. */
  public ChatRequest {
    messages = List.copyOf(messages);
    templateVariables = Collections.unmodifiableMap(new LinkedHashMap<>(templateVariables));
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a conversation has at least one message");
    }
    if (continued && messages.getLast().role() != Message.Role.ASSISTANT) {
      throw new IllegalArgumentException("only an assistant's turn can be continued");
    }
  }
}
