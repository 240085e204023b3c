package io.yuntai.console.page;

import java.io.IOException;

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

  /**
   * A file to keep that may be long.
   *
   * @param type of its content
   * @param name for the disk; letters, digits, dots, dashes
   * @param content writes it
   */
  record Stream(String type, String name, Content content) implements View {}

  /** Writes a file piece by piece. */
  @FunctionalInterface
  interface Content {
    /**
     * Writes all of it.
     *
     * @throws IOException when the reader has gone
     */
    void write(Pieces pieces) throws IOException;
  }

  /** Takes pieces of a file. */
  @FunctionalInterface
  interface Pieces {
    /** Sends one. */
    void write(byte[] piece) throws IOException;
  }

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
}
