package io.yuntai.console.develop;

import java.util.Locale;

/** A language that code is written in. */
public enum ProgramLanguage {
  CURL("curl", "ask.sh"),
  PYTHON("Python", "ask.py"),
  JAVASCRIPT("JavaScript", "ask.mjs"),
  JAVA("Java", "Ask.java");

  private final String title;
  private final String file;

  ProgramLanguage(String title, String file) {
    this.title = title;
    this.file = file;
  }

  /** The name in addresses. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As people call it. */
  public String title() {
    return title;
  }

  /** A name for the file that it is put into. */
  public String file() {
    return file;
  }

  /** The one of this name, else the first. */
  static ProgramLanguage of(String id) {
    for (ProgramLanguage language : values()) {
      if (language.id().equals(id)) {
        return language;
      }
    }
    return CURL;
  }
}
