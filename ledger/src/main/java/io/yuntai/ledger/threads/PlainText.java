package io.yuntai.ledger.threads;

/** What PostgreSQL's texts can hold: all of Unicode but U+0000 and halves of characters. */
final class PlainText {
  private static final char UNKNOWN = '\uFFFD';

  private PlainText() {}

  /** The text with U+FFFD in place of what can't be kept. */
  static String of(String text) {
    int bad = firstBad(text, 0);
    if (bad == text.length()) {
      return text;
    }
    StringBuilder kept = new StringBuilder(text);
    while (bad < text.length()) {
      kept.setCharAt(bad, UNKNOWN);
      bad = firstBad(text, bad + 1);
    }
    return kept.toString();
  }

  private static int firstBad(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean pair =
          Character.isHighSurrogate(c)
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        return at;
      }
      at += pair ? 2 : 1;
    }
    return text.length();
  }

  /** The same, cut to at most so many characters. */
  static String of(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return of(text);
    }
    int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
    return of(text.substring(0, end));
  }
}
