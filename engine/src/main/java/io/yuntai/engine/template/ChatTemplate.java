package io.yuntai.engine.template;

import java.util.Map;

/** A compiled Jinja template; immutable, safe for use by many threads. */
public interface ChatTemplate {
  /**
   * Renders the template.
   *
   * @param variables values as parsed JSON: {@code null}, Boolean, Long, Double, String, List, Map
   *     with String keys in insertion order
   * @return the text
   * @throws TemplateException when the template raises an error, meets one, or exceeds a bound
   */
  default String render(Map<String, ?> variables) {
    return renderTraced(variables).text();
  }

  /**
   * As {@link #render}, and says which characters came from the variables, so that a prompt's
   * control tokens can be told from text that only looks like them. A {@link TemplateText} among
   * the variables counts as the template's own.
   *
   * @throws TemplateException as above
   */
  RenderedText renderTraced(Map<String, ?> variables);

  /** The template as it was given: what it teaches a model, its answers will show. */
  String source();
}
