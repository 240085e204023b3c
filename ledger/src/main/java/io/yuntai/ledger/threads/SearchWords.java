package io.yuntai.ledger.threads;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a text can be found by: its words in small letters, and where characters are words (Chinese,
 * Japanese, Korean) each pair of neighbours, and the last one by itself. A single character is then
 * the beginning of a pair, or is last.
 */
final class SearchWords {
  private static final int MAX_WORDS = 20_000;
  private static final int MAX_WORD_CHARS = 40;
  private static final int MAX_QUERY_WORDS = 30;

  private SearchWords() {}

  /** All of a text's words, up to 20,000 different ones. */
  static List<String> of(String text) {
    Set<String> words = new LinkedHashSet<>();
    for (Run run : runs(text)) {
      if (words.size() >= MAX_WORDS) {
        break;
      }
      words.addAll(run.indexed());
    }
    return List.copyOf(words);
  }

  /**
   * A query of PostgreSQL that finds texts with all of a question's words, the last letters of
   * which may be missing; empty for a question without any.
   */
  static String query(String question) {
    List<String> terms = new ArrayList<>();
    for (Run run : runs(question)) {
      terms.addAll(run.asked());
    }
    return String.join(" & ", terms.subList(0, Math.min(terms.size(), MAX_QUERY_WORDS)));
  }

  /** A lexeme as PostgreSQL reads it. */
  static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /**
   * Letters or digits that stand together.
   *
   * @param pairs whether each character is a word
   */
  private record Run(int[] codePoints, boolean pairs) {
    List<String> indexed() {
      if (!pairs) {
        return List.of(word());
      }
      List<String> words = new ArrayList<>();
      for (int i = 0; i + 1 < codePoints.length; i++) {
        words.add(new String(codePoints, i, 2));
      }
      words.add(new String(codePoints, codePoints.length - 1, 1));
      return words;
    }

    List<String> asked() {
      if (!pairs || codePoints.length == 1) {
        return List.of(quoted(word()) + ":*");
      }
      List<String> words = new ArrayList<>();
      for (int i = 0; i + 1 < codePoints.length; i++) {
        words.add(quoted(new String(codePoints, i, 2)));
      }
      return words;
    }

    private String word() {
      return new String(codePoints, 0, Math.min(codePoints.length, MAX_WORD_CHARS));
    }
  }

  private static List<Run> runs(String text) {
    int[] points =
        Normalizer.normalize(text, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .codePoints()
            .toArray();
    List<Run> runs = new ArrayList<>();
    int from = 0;
    while (from < points.length) {
      if (!Character.isLetterOrDigit(points[from])) {
        from++;
        continue;
      }
      boolean pairs = isWordByItself(points[from]);
      int to = from + 1;
      while (to < points.length
          && Character.isLetterOrDigit(points[to])
          && isWordByItself(points[to]) == pairs) {
        to++;
      }
      runs.add(new Run(java.util.Arrays.copyOfRange(points, from, to), pairs));
      from = to;
    }
    return runs;
  }

  private static boolean isWordByItself(int codePoint) {
    return switch (Character.UnicodeScript.of(codePoint)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
