package io.yuntai.dialect;

import java.util.List;

/**
 * Texts to go on with.
 *
 * @param model the model's name
 * @param prompts at least one; each gets as many answers as the settings ask for
 * @param settings how the answers are generated
 * @param delivery how the answers are sent
 */
public record CompletionRequest(
    String model, List<Prompt> prompts, GenerationSettings settings, Delivery delivery)
    implements ModelRequest {
  /** This request with other settings. */
  public CompletionRequest with(GenerationSettings other) {
    return new CompletionRequest(model, prompts, other, delivery);
  }

  @Override
  public CompletionRequest withModel(String name) {
    return new CompletionRequest(name, prompts, settings, delivery);
  }

  /** Copies what could change. */
  public CompletionRequest {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("a completion has at least one prompt");
    }
  }
}
