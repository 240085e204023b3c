package io.yuntai.console.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences that the floors below say in English, such as why they refuse something, in another
 * language. As in gettext the English sentence itself is the key: with {@code %s} and {@code %d}
 * for its values, as the program's source has it. A test compares the list with the sources.
 */
final class Sentences {
  private static final String FILE = "sentences_zh.txt";
  private static final String WORDS = "words";
  private static final Pattern PLACE = Pattern.compile("\\{(w?)([1-9])}");

  /** Values are cut by their makers; a sentence that is longer is none of ours. */
  private static final int MAX_CHARS = 2_000;

  private final Map<String, String> whole = new HashMap<>();
  private final List<Entry> patterns = new ArrayList<>();
  private final Map<String, String> words = new HashMap<>();

  private record Entry(Pattern english, String other) {}

  private Sentences() {}

  /**
   * Reads the file beside this class.
   *
   * @throws IllegalStateException when it is missing or damaged
   */
  static Sentences load() {
    Sentences sentences = new Sentences();
    try (InputStream in = Sentences.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      sentences.read(
          lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sentences;
  }

  private void read(List<String> lines) {
    int at = 0;
    Map<String, String> pairs = new LinkedHashMap<>();
    while (at < lines.size() && !lines.get(at).equals(WORDS)) {
      if (at + 1 == lines.size() || pairs.put(lines.get(at), lines.get(at + 1)) != null) {
        throw new IllegalStateException("there twice, or without Chinese: " + lines.get(at));
      }
      at += 2;
    }
    pairs.forEach(this::add);
    for (String line : lines.subList(Math.min(at + 1, lines.size()), lines.size())) {
      int equals = line.indexOf('=');
      words.put(line.substring(0, equals), line.substring(equals + 1));
    }
  }

  private void add(String english, String other) {
    String[] fixed = english.split("%[sd]", -1);
    if (fixed.length == 1) {
      whole.put(english, other);
      return;
    }
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < fixed.length; i++) {
      pattern.append(i == 0 ? "" : "(.*?)").append(Pattern.quote(fixed[i]));
    }
    patterns.add(new Entry(Pattern.compile(pattern.toString(), Pattern.DOTALL), other));
  }

  /** A sentence in the other language; empty where it is not in the list. */
  Optional<String> other(String sentence) {
    String known = whole.get(sentence);
    if (known != null) {
      return Optional.of(known);
    }
    if (sentence.length() > MAX_CHARS) {
      return Optional.empty();
    }
    // The one with the most words of its own is meant: others may match by chance.
    return patterns.stream()
        .filter(entry -> entry.english().matcher(sentence).matches())
        .max(Comparator.comparingInt(entry -> entry.english().pattern().length()))
        .map(entry -> fill(entry, sentence));
  }

  private String fill(Entry entry, String sentence) {
    Matcher values = entry.english().matcher(sentence);
    if (!values.matches()) {
      return sentence;
    }
    return PLACE
        .matcher(entry.other())
        .replaceAll(place -> {
          String value = values.group(Integer.parseInt(place.group(2)));
          return Matcher.quoteReplacement(
              place.group(1).isEmpty() ? value : words.getOrDefault(value, value));
        });
  }
}
