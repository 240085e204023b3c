package io.yuntai.engine.template;

import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/** A chat template in Jinja. */
public final class JinjaTemplate implements ChatTemplate {
  private JinjaTemplate() {}

  /**
   * Compiles a template; {@code strftime_now} uses the system's clock and time zone.
   *
   * @throws TemplateException for a template that is too long, malformed or uses what we refuse
   */
  public static JinjaTemplate compile(String source) {
    return compile(source, Clock.system(ZoneId.systemDefault()));
  }

  /**
   * Compiles a template.
   *
   * @param source Jinja as in {@code tokenizer.chat_template}
   * @param clock what {@code strftime_now} reads
   * @throws TemplateException for a template that is too long, malformed or uses what we refuse
   */
  public static JinjaTemplate compile(String source, Clock clock) {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public RenderedText renderTraced(Map<String, ?> variables) {
    throw new UnsupportedOperationException("not written yet");
  }
}
