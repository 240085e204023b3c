package io.yuntai.console.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * All texts of the console. Each feature brings its own, from {@code messages_en.properties} and
 * {@code messages_zh.properties} beside its class; keys begin with the feature's name, so none is
 * there twice.
 */
public final class Messages {
  private final Map<Language, Map<String, String>> texts = new EnumMap<>(Language.class);

  private final Sentences sentences = Sentences.load();

  private Messages() {
    for (Language language : Language.values()) {
      texts.put(language, new HashMap<>());
    }
  }

  /**
   * Reads them.
   *
   * @param features classes beside whose files they lie
   * @throws IllegalStateException when a file is missing, a key is there twice, or in one language
   *     only
   */
  public static Messages load(List<Class<?>> features) {
    Messages messages = new Messages();
    for (Class<?> feature : features) {
      for (Language language : Language.values()) {
        messages.add(feature, language);
      }
    }
    Set<String> english = messages.keys(Language.EN);
    if (!english.equals(messages.keys(Language.ZH))) {
      Set<String> alone = new java.util.TreeSet<>(english);
      alone.addAll(messages.keys(Language.ZH));
      alone.removeIf(key -> english.contains(key) && messages.keys(Language.ZH).contains(key));
      throw new IllegalStateException("texts in one language only: " + alone);
    }
    return messages;
  }

  private void add(Class<?> feature, Language language) {
    String file = "messages_" + language.code() + ".properties";
    Properties read = new Properties();
    try (InputStream in = feature.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + feature.getName());
      }
      read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> of = texts.getOrDefault(language, Map.of());
    for (String key : read.stringPropertyNames()) {
      if (of.put(key, read.getProperty(key)) != null) {
        throw new IllegalStateException("the text " + key + " is there twice");
      }
    }
  }

  /** All keys of a language. */
  public Set<String> keys(Language language) {
    return Set.copyOf(texts.getOrDefault(language, Map.of()).keySet());
  }

  /**
   * A sentence of a floor below, which is English, in a language; as it is where nobody knows it.
   */
  public String sentence(Language language, String english) {
    return switch (language) {
      case EN -> english;
      case ZH -> sentences.other(english).orElse(english);
    };
  }

  /** Whether there is such a text. */
  public boolean has(String key) {
    return texts.getOrDefault(Language.EN, Map.of()).containsKey(key);
  }

  /**
   * A text.
   *
   * @param values take the places of <code>{0}</code>, <code>{1}</code> and so on
   * @throws IllegalArgumentException for a key that is not there
   */
  public String text(Language language, String key, Object... values) {
    String text = texts.getOrDefault(language, Map.of()).get(key);
    if (text == null) {
      throw new IllegalArgumentException("no text " + key);
    }
    for (int i = 0; i < values.length; i++) {
      text = text.replace("{" + i + "}", String.valueOf(values[i]));
    }
    return text;
  }
}
