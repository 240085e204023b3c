package io.yuntai.engine;

import io.yuntai.engine.template.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as a chat template sees it.
 *
 * @param messages parsed JSON objects with at least {@code role} and {@code content}
 * @param tools parsed JSON objects; empty for none
 * @param addGenerationPrompt whether the assistant's turn is opened at the end
 * @param variables further template variables, such as {@code enable_thinking}
 */
public record ChatPrompt(
    List<Map<String, @Nullable Object>> messages,
    List<Map<String, Object>> tools,
    boolean addGenerationPrompt,
    Map<String, Object> variables) {
  /**
   * The variables as Hugging Face transformers passes them to a template: {@code messages}, {@code
   * tools} and {@code documents} ({@code null} for none), {@code add_generation_prompt}, then
   * {@link #variables()}.
   *
   * @throws TemplateException where a further variable has the name of one of the prompt's own
   *     parts
   */
  public Map<String, @Nullable Object> templateVariables() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("messages", messages);
    all.put("tools", tools.isEmpty() ? null : tools);
    all.put("add_generation_prompt", addGenerationPrompt);
    variables.forEach((name, value) -> {
      if (all.containsKey(name)) {
        throw new TemplateException(
            "the template variable \"%s\" is set by the request itself and cannot be given again"
                .formatted(name),
            true);
      }
    });
    all.put("documents", null);
    all.putAll(variables);
    return all;
  }
}
