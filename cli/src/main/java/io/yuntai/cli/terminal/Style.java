package io.yuntai.cli.terminal;

/**
 * Colours of one stream: few, and none where the stream is no terminal or {@code NO_COLOR} asks for
 * none.
 */
public final class Style {
  /** No colours. */
  public static final Style PLAIN = new Style(false);

  private final boolean coloured;

  private Style(boolean coloured) {
    this.coloured = coloured;
  }

  /** With colours or without. */
  public static Style of(boolean coloured) {
    return coloured ? new Style(true) : PLAIN;
  }

  /** Whether there are colours. */
  public boolean isColoured() {
    return coloured;
  }

  /** Something to notice: a name, a key. */
  public String strong(String text) {
    return wrap("1", text);
  }

  /** Something of less weight: units, hints. */
  public String faint(String text) {
    return wrap("2", text);
  }

  /** All well. */
  public String ok(String text) {
    return wrap("32", text);
  }

  /** Worth a look. */
  public String warning(String text) {
    return wrap("33", text);
  }

  /** Wrong. */
  public String problem(String text) {
    return wrap("31", text);
  }

  private String wrap(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
