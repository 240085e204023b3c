package io.yuntai.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The command line's sentences, in English or Chinese. */
public final class Messages {
  private final Properties texts = new Properties();

  private Messages(String language) {
    String file = "messages_" + language + ".properties";
    try (InputStream stream = Messages.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException(file + " is missing from the jar");
      }
      texts.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In this language: {@code zh}, else English. */
  public static Messages in(String language) {
    return new Messages(language.toLowerCase(Locale.ROOT).startsWith("zh") ? "zh" : "en");
  }

  /** In the language of {@code YUNTAI_LANG}, else of the locale. */
  public static Messages of(Map<String, String> environment) {
    for (String name : new String[] {"YUNTAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return in(value);
      }
    }
    return in("en");
  }

  /**
   * A sentence.
   *
   * @param values take the places of <code>{0}</code>, <code>{1}</code> and so on
   */
  public String text(String key, Object... values) {
    String text = texts.getProperty(key);
    if (text == null) {
      throw new IllegalArgumentException("no message " + key);
    }
    for (int i = 0; i < values.length; i++) {
      text = text.replace("{" + i + "}", String.valueOf(values[i]));
    }
    return text;
  }

  /** All keys. */
  Set<String> keys() {
    return texts.stringPropertyNames();
  }
}
