package io.yuntai.engine.template;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * A chat template in Jinja, rendered as Hugging Face transformers does: Jinja 3.1 in its immutable
 * sandbox with {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code tojson} without
 * HTML escapes, {@code raise_exception}, {@code strftime_now} and {@code {% generation %}}.
 *
 * <p>A template reaches nothing but the values it is given, and each rendering is bounded in steps,
 * memory, depth and output ({@link Budget}).
 */
public final class JinjaTemplate implements ChatTemplate {
  /** Longest template, in characters; published ones have some 10,000. */
  private static final int MAX_SOURCE_CHARACTERS = 1 << 20;

  private final String source;
  private final List<Statement> body;
  private final Clock clock;

  private JinjaTemplate(String source, List<Statement> body, Clock clock) {
    this.source = source;
    this.body = body;
    this.clock = clock;
  }

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
    if (source.length() > MAX_SOURCE_CHARACTERS) {
      throw new TemplateException(
          "the chat template has %,d characters; at most %,d are allowed"
              .formatted(source.length(), MAX_SOURCE_CHARACTERS),
          false);
    }
    try {
      return new JinjaTemplate(source, StatementParser.parse(source), clock);
    } catch (StackOverflowError e) {
      // The parser bounds its depth; this is for threads with a smaller stack than it assumes.
      throw new TemplateException("the chat template nests too deep", false);
    }
  }

  @Override
  public String source() {
    return source;
  }

  static TemplateException malformed(String message, int line) {
    return new TemplateException(
        "the chat template is malformed: %s (line %d)".formatted(message, line), false);
  }

  @Override
  public RenderedText renderTraced(Map<String, ?> variables) {
    Budget budget = new Budget();
    Renderer renderer = new Renderer(new Evaluator(budget, clock));
    try {
      Scope scope = new Scope(null);
      variables.forEach((name, value) -> scope.define(name, Types.fromJson(value)));
      TextBuilder out = new TextBuilder(budget);
      renderer.run(body, scope, out);
      Text text = out.build();
      return new RenderedText(text.chars, text.request());
    } catch (RenderFailure failure) {
      throw failure.raisedByTemplate
          ? new TemplateException(failure.reason(), true)
          : failed(failure.reason(), renderer);
    } catch (StackOverflowError e) {
      // The budget bounds the depth; this is for threads with a smaller stack than it assumes.
      throw failed("it nests too deep", renderer);
    }
  }

  private static TemplateException failed(String reason, Renderer renderer) {
    return new TemplateException(
        "the chat template failed: %s (line %d)".formatted(reason, renderer.line()), false);
  }
}
