package io.yuntai.console.develop;

import java.util.Locale;

/** An API that code asks in. */
public enum Dialect {
  OPENAI("OpenAI", "/v1", "/chat/completions"),
  ANTHROPIC("Anthropic", "/anthropic", "/v1/messages"),
  DASHSCOPE("DashScope", "/api/v1", "/services/aigc/text-generation/generation");

  private final String title;
  private final String base;
  private final String path;

  Dialect(String title, String base, String path) {
    this.title = title;
    this.base = base;
    this.path = path;
  }

  /** The name in addresses. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As its makers call it. */
  public String title() {
    return title;
  }

  /** What clients are given as their base address, below the server's. */
  public String base() {
    return base;
  }

  /** Where one request goes, below the server's address. */
  public String path() {
    return base + path;
  }

  /** The one of this name, else the first. */
  static Dialect of(String id) {
    for (Dialect dialect : values()) {
      if (dialect.id().equals(id)) {
        return dialect;
      }
    }
    return OPENAI;
  }
}
