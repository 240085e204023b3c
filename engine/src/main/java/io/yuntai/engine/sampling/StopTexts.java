package io.yuntai.engine.sampling;

import java.util.List;
import java.util.Optional;

/**
 * Searches a text that arrives in pieces for several stop texts. What {@link #append} returns is
 * final: it holds back exactly the longest end of the text that could still become a stop text.
 *
 * <p>The stop text that becomes complete first wins; of several that become complete with the same
 * character, the longest. So the answer depends on the text alone, not on how it was cut. The stop
 * text and all after it are not part of the answer.
 *
 * <p>Knuth, Morris and Pratt's automaton per stop text, over code points, so that a character is
 * never split: linear in the text for a given number of stop texts. For one thread.
 */
public final class StopTexts {
  private final Automaton[] automata;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  /**
   * @param stops texts to stop at, none of them empty; may be none at all
   */
  public StopTexts(List<String> stops) {
    automata = stops.stream().distinct().map(Automaton::new).toArray(Automaton[]::new);
  }

  /**
   * Takes the next piece of text.
   *
   * @param piece whole characters
   * @return text that is certain to be part of the answer; ends before the stop text if one was
   *     found
   */
  public String append(String piece) {
    if (found) {
      return "";
    }
    if (automata.length == 0) {
      return piece;
    }
    for (int i = 0; i < piece.length(); ) {
      int codePoint = piece.codePointAt(i);
      i += Character.charCount(codePoint);
      held.appendCodePoint(codePoint);
      int complete = advance(codePoint);
      if (complete > 0) {
        found = true;
        return take(held.length() - complete);
      }
    }
    int possible = 0;
    for (Automaton automaton : automata) {
      possible = Math.max(possible, automaton.matchedChars());
    }
    return take(held.length() - possible);
  }

  /** Whether a stop text came up; from then on nothing is text any more. */
  public boolean found() {
    return found;
  }

  /** The stop text that came up. */
  public Optional<String> stopText() {
    // From the moment it is complete nothing else is held, and nothing is added.
    return found ? Optional.of(held.toString()) : Optional.empty();
  }

  /** The end of the text: what was held back becomes final, unless a stop text was found. */
  public String finish() {
    return found ? "" : take(held.length());
  }

  /** Length in chars of the longest stop text that ends with this character, or 0. */
  private int advance(int codePoint) {
    int longest = 0;
    for (Automaton automaton : automata) {
      if (automaton.advance(codePoint)) {
        longest = Math.max(longest, automaton.matchedChars());
      }
    }
    return longest;
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** How much of one stop text the end of the text matches. */
  private static final class Automaton {
    private final int[] pattern;
    // border[n]: the longest proper beginning of the first n code points that is also their end.
    private final int[] border;
    // chars[n]: how many chars the first n code points take.
    private final int[] chars;
    private int matched;

    Automaton(String stop) {
      pattern = stop.codePoints().toArray();
      border = new int[pattern.length + 1];
      chars = new int[pattern.length + 1];
      int length = 0;
      for (int n = 1; n <= pattern.length; n++) {
        chars[n] = chars[n - 1] + Character.charCount(pattern[n - 1]);
        if (n > 1) {
          length = extend(length, pattern[n - 1]);
          border[n] = length;
        }
      }
    }

    /** Takes one code point; true if the whole stop text now stands at the text's end. */
    boolean advance(int codePoint) {
      matched = extend(matched, codePoint);
      return matched == pattern.length;
    }

    int matchedChars() {
      return chars[matched];
    }

    private int extend(int from, int codePoint) {
      int length = from;
      while (length > 0 && pattern[length] != codePoint) {
        length = border[length];
      }
      return pattern[length] == codePoint ? length + 1 : 0;
    }
  }
}
