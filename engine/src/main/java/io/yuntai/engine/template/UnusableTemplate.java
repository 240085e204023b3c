package io.yuntai.engine.template;

import java.util.Map;

/**
 * A template that could not be compiled: the model still completes texts, and a chat is told why it
 * can't be had.
 *
 * @param source the template
 * @param complaint why
 */
public record UnusableTemplate(String source, String complaint) implements ChatTemplate {
  @Override
  public RenderedText renderTraced(Map<String, ?> variables) {
    throw new TemplateException("this model's chat template can't be used: " + complaint, false);
  }
}
