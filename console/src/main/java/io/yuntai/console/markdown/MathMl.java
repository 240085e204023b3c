package io.yuntai.console.markdown;

import java.util.Optional;

/**
 * LaTeX's formulas as MathML, which browsers show without a script. What is too long, too deep or
 * not understood stays as it was written, as code.
 */
public final class MathMl {
  private static final int MAX_CHARS = 4_000;

  /** What is longer may be wider than a phone: it scrolls by itself, also by keyboard. */
  private static final int NARROW_CHARS = 30;

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
    if (body.isEmpty()) {
      return "<code class=\"tex\">" + Html.escaped(source) + "</code>";
    }
    String math =
        "<math"
            + (display ? " display=\"block\"" : "")
            + "><semantics><mrow>"
            + body.get()
            + "</mrow><annotation encoding=\"application/x-tex\">"
            + Html.escaped(source)
            + "</annotation></semantics></math>";
    return source.length() <= NARROW_CHARS
        ? math
        : "<span class=\""
            + (display ? "wide display" : "wide")
            + "\" tabindex=\"0\">"
            + math
            + "</span>";
  }
}
