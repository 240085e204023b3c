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
  String render(Map<String, ?> variables);
}
