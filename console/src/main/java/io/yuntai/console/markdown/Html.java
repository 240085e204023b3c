package io.yuntai.console.markdown;

/** HTML as it is written. For one thread. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Markup of ours. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Somebody's text. */
  Html text(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\0' -> out.append('\uFFFD');
        default -> out.append(c);
      }
    }
    return this;
  }

  int length() {
    return out.length();
  }

  void cutTo(int length) {
    out.setLength(length);
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** A text, escaped. */
  static String escaped(CharSequence text) {
    return new Html().text(text).toString();
  }
}
