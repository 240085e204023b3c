package io.yuntai.console.page;

import java.nio.charset.StandardCharsets;

/** What a page answers. */
public sealed interface View {
  /**
   * A template, rendered with the parameters {@code ui} and {@code model}.
   *
   * @param status of HTTP
   * @param template below {@code src/main/jte}, such as {@code tenants/list.jte}
   * @param model its own
   */
  record Html(int status, String template, Object model) implements View {}

  /**
   * Another page.
   *
   * @param to its address on this server
   * @param notice what is told there once; empty for nothing
   */
  record Redirect(String to, String notice) implements View {}

  /**
   * A file to keep.
   *
   * @param type of its content
   * @param name for the disk; letters, digits, dots, dashes
   * @param content all of it
   */
  record File(String type, String name, byte[] content) implements View {}

  /** A template, rendered with {@code ui} and {@code model}. */
  static View html(String template, Object model) {
    return new Html(200, template, model);
  }

  /** Another page. */
  static View redirect(String to) {
    return new Redirect(to, "");
  }

  /** Another page, where something is told once. */
  static View redirect(String to, String notice) {
    return new Redirect(to, notice);
  }

  /** A table as other programs read it; the mark in front tells Excel of UTF-8. */
  static View csv(String name, String text) {
    return new File(
        "text/csv; charset=utf-8",
        name + ".csv",
        ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8));
  }
}
