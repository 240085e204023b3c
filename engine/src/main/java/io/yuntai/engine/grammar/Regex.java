package io.yuntai.engine.grammar;

import java.util.List;

/** A regular language over code points, as a tree. */
sealed interface Regex {
  /** The empty text. */
  Regex EMPTY = new Sequence(List.of());

  /** No text at all. */
  Regex NOTHING = new Either(List.of());

  Regex ANY_TEXT = new Repeat(new Chars(CodePoints.ALL), 0, Repeat.UNBOUNDED);

  /** The text's begin: matches no character. */
  Regex BEGIN = new Boundary(true);

  /** The text's end: matches no character. */
  Regex END = new Boundary(false);

  /** One character of a set. */
  record Chars(CodePoints set) implements Regex {}

  /** One after the other. */
  record Sequence(List<Regex> parts) implements Regex {}

  /** Any of these. */
  record Either(List<Regex> choices) implements Regex {}

  /**
   * {@code min} to {@code max} times.
   *
   * @param max at least {@code min}, or {@link #UNBOUNDED}
   */
  record Repeat(Regex part, int min, int max) implements Regex {
    static final int UNBOUNDED = -1;
  }

  /** Where the whole text begins or ends. */
  record Boundary(boolean begin) implements Regex {}

  /** Exactly this text. */
  static Regex text(String text) {
    return new Sequence(
        text.codePoints().mapToObj(c -> (Regex) new Chars(CodePoints.of(c))).toList());
  }

  static Regex sequence(Regex... parts) {
    return new Sequence(List.of(parts));
  }

  static Regex either(Regex... choices) {
    return new Either(List.of(choices));
  }

  static Regex optional(Regex part) {
    return new Repeat(part, 0, 1);
  }

  static Regex chars(int first, int last) {
    return new Chars(CodePoints.of(first, last));
  }
}
