package io.yuntai.console.markdown;

import java.util.Optional;

/**
 * LaTeX's formulas as MathML, which browsers show without a script. What is too long, too deep or
 * not understood stays as it was written, as code.
 */
public final class MathMl {
  private static final int MAX_CHARS = 4_000;

  private MathMl() {}

  /**
   * A formula as an element.
   *
   * @param display whether it stands by itself
   */
  public static String html(String latex, boolean display) {
    String source = latex.strip();
    Optional<String> body =
        source.length() > MAX_CHARS ? Optional.empty() : MathParser.parse(source, display);
    return body.map(inner ->
            "<math"
                + (display ? " display=\"block\"" : "")
                + "><semantics><mrow>"
                + inner
                + "</mrow><annotation encoding=\"application/x-tex\">"
                + Html.escaped(source)
                + "</annotation></semantics></math>")
        .orElseGet(() -> "<code class=\"tex\">" + Html.escaped(source) + "</code>");
  }
}
