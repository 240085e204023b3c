package io.yuntai.console.text;

import java.util.Locale;
import java.util.Optional;

/** A language that the console speaks. */
public enum Language {
  /** English. */
  EN("en", Locale.UK, "English"),
  /** Simplified Chinese. */
  ZH("zh-CN", Locale.SIMPLIFIED_CHINESE, "中文");

  private final String tag;
  private final Locale locale;
  private final String title;

  Language(String tag, Locale locale, String title) {
    this.tag = tag;
    this.locale = locale;
    this.title = title;
  }

  /** For the attribute {@code lang}. */
  public String tag() {
    return tag;
  }

  /** How numbers and dates are written. */
  public Locale locale() {
    return locale;
  }

  /** What it calls itself. */
  public String title() {
    return title;
  }

  /** In names of bundles and cookies: {@code en}, {@code zh}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The language of this code. */
  public static Optional<Language> of(String code) {
    for (Language language : values()) {
      if (language.code().equals(code)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }

  /**
   * What a browser asks for: the first of its languages that is spoken here, else English.
   *
   * @param acceptLanguage the header, most wanted first as browsers send it
   */
  public static Language ofBrowser(String acceptLanguage) {
    for (String range : acceptLanguage.toLowerCase(Locale.ROOT).split(",", 20)) {
      if (range.strip().startsWith("zh")) {
        return ZH;
      }
      if (range.strip().startsWith("en")) {
        return EN;
      }
    }
    return EN;
  }
}
