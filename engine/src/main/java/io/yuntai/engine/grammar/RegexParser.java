package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Regular expressions as ECMA-262 writes them with the {@code u} flag, the dialect that JSON Schema
 * names, as far as they are regular: no backreferences, look-around or word boundaries. Lazy
 * quantifiers mean the same language as greedy ones.
 */
final class RegexParser {
  private static final int MAX_CHARS = 20_000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_REPEAT = 10_000;

  private final String pattern;
  private int at;
  private int depth;

  private RegexParser(String pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads a pattern.
   *
   * @throws GrammarException naming the place in the pattern
   */
  static Regex parse(String pattern) throws GrammarException {
    if (pattern.length() > MAX_CHARS) {
      throw new GrammarException(
          "",
          "a pattern has at most %,d characters, this one has %,d"
              .formatted(MAX_CHARS, pattern.length()));
    }
    RegexParser parser = new RegexParser(pattern);
    Regex regex = parser.either();
    if (parser.at < pattern.length()) {
      throw parser.wrong("')' without '('");
    }
    return regex;
  }

  private Regex either() throws GrammarException {
    if (++depth > MAX_DEPTH) {
      throw wrong("groups are nested deeper than " + MAX_DEPTH);
    }
    List<Regex> choices = new ArrayList<>();
    choices.add(sequence());
    while (take('|')) {
      choices.add(sequence());
    }
    depth--;
    return choices.size() == 1 ? choices.getFirst() : new Regex.Either(choices);
  }

  private Regex sequence() throws GrammarException {
    List<Regex> parts = new ArrayList<>();
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      Regex atom = atom();
      parts.add(quantified(atom));
    }
    return parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts);
  }

  private Regex quantified(Regex atom) throws GrammarException {
    if (at == pattern.length()) {
      return atom;
    }
    int min;
    int max;
    switch (peek()) {
      case '*' -> {
        at++;
        min = 0;
        max = Regex.Repeat.UNBOUNDED;
      }
      case '+' -> {
        at++;
        min = 1;
        max = Regex.Repeat.UNBOUNDED;
      }
      case '?' -> {
        at++;
        min = 0;
        max = 1;
      }
      case '{' -> {
        at++;
        min = count();
        max = min;
        if (take(',')) {
          max = peekIs('}') ? Regex.Repeat.UNBOUNDED : count();
        }
        require('}');
        if (max != Regex.Repeat.UNBOUNDED && max < min) {
          throw wrong("a quantifier whose bounds are the wrong way round");
        }
      }
      default -> {
        return atom;
      }
    }
    take('?');
    if (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) {
      throw wrong("a quantifier after a quantifier");
    }
    if (atom instanceof Regex.Boundary) {
      return min == 0 ? Regex.optional(atom) : atom;
    }
    return new Regex.Repeat(atom, min, max);
  }

  private int count() throws GrammarException {
    int from = at;
    int value = 0;
    while (at < pattern.length() && peek() >= '0' && peek() <= '9') {
      value = Math.min(MAX_REPEAT + 1, 10 * value + (peek() - '0'));
      at++;
    }
    if (at == from) {
      throw wrong("a quantifier without a number; a brace that means itself is written \\{");
    }
    if (value > MAX_REPEAT) {
      throw wrong("a quantifier above %,d".formatted(MAX_REPEAT));
    }
    return value;
  }

  private Regex atom() throws GrammarException {
    int c = next();
    return switch (c) {
      case '.' -> new Regex.Chars(CharacterClasses.LINE_BREAKS.complement());
      case '^' -> Regex.BEGIN;
      case '$' -> Regex.END;
      case '(' -> group();
      case '[' -> new Regex.Chars(set());
      case '\\' -> escape();
      case '*', '+', '?', '{' -> {
        at--;
        throw wrong("a quantifier with nothing before it");
      }
      case ']', '}' -> {
        at--;
        throw wrong("a bracket without its partner; one that means itself is written with \\");
      }
      default -> new Regex.Chars(CodePoints.of(c));
    };
  }

  private Regex group() throws GrammarException {
    if (take('?')) {
      if (pattern.startsWith("<", at)
          && !pattern.startsWith("<=", at)
          && !pattern.startsWith("<!", at)) {
        int end = pattern.indexOf('>', at);
        if (end < 0) {
          throw wrong("a group's name without an end");
        }
        at = end + 1;
      } else if (!take(':')) {
        throw wrong("look-ahead, look-behind and flags are not supported: they are not regular");
      }
    }
    Regex inside = either();
    require(')');
    return inside;
  }

  private Regex escape() throws GrammarException {
    if (at == pattern.length()) {
      throw wrong("a backslash at the end");
    }
    char c = peek();
    if (c == 'b' || c == 'B') {
      throw wrong("word boundaries (\\b, \\B) are not supported");
    }
    if (c == 'k' || (c >= '1' && c <= '9')) {
      throw wrong("backreferences are not supported: they are not regular");
    }
    return new Regex.Chars(escapedSet());
  }

  /** What stands after a backslash, as a set of one or more characters. */
  private CodePoints escapedSet() throws GrammarException {
    int c = next();
    return switch (c) {
      case 'd' -> CharacterClasses.DIGITS;
      case 'D' -> CharacterClasses.DIGITS.complement();
      case 'w' -> CharacterClasses.WORD;
      case 'W' -> CharacterClasses.WORD.complement();
      case 's' -> CharacterClasses.SPACE;
      case 'S' -> CharacterClasses.SPACE.complement();
      case 'p' -> property();
      case 'P' -> property().complement();
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 't' -> CodePoints.of('\t');
      case 'f' -> CodePoints.of('\f');
      case 'v' -> CodePoints.of(0x0B);
      case '0' -> CodePoints.of(0);
      case 'x' -> CodePoints.of(hex(2));
      case 'u' -> CodePoints.of(unicode());
      case 'c' -> {
        int letter = next();
        if (!CharacterClasses.LETTERS.contains(letter)) {
          throw wrong("\\c without a letter");
        }
        yield CodePoints.of(letter % 32);
      }
      default -> {
        if (CharacterClasses.WORD.contains(c)) {
          at--;
          throw wrong("the escape \\%c is not known".formatted(c));
        }
        yield CodePoints.of(c);
      }
    };
  }

  private int unicode() throws GrammarException {
    if (take('{')) {
      int end = pattern.indexOf('}', at);
      if (end < 0 || end == at || end - at > 6) {
        throw wrong("\\u{...} without one to six hexadecimal digits");
      }
      int value = hex(end - at);
      require('}');
      if (value > CodePoints.MAX) {
        throw wrong("a code point above 10FFFF");
      }
      return value;
    }
    int value = hex(4);
    if (Character.isHighSurrogate((char) value) && pattern.startsWith("\\u", at)) {
      int before = at;
      at += 2;
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) value, (char) low);
      }
      at = before;
    }
    return value;
  }

  private int hex(int digits) throws GrammarException {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < pattern.length() ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        throw wrong("an escape with too few hexadecimal digits");
      }
      value = 16 * value + digit;
      at++;
    }
    return value;
  }

  private CodePoints property() throws GrammarException {
    int end = pattern.indexOf('}', at);
    if (!take('{') || end < 0) {
      throw wrong("\\p without {...}");
    }
    String name = pattern.substring(at, end);
    at = end + 1;
    return CharacterClasses.property(name)
        .orElseThrow(() -> wrong("the Unicode property '%s' is not known".formatted(name)));
  }

  private CodePoints set() throws GrammarException {
    boolean negated = take('^');
    CodePoints all = CodePoints.NONE;
    while (!peekIs(']')) {
      if (at == pattern.length()) {
        throw wrong("'[' without ']'");
      }
      CodePoints first = member();
      OptionalInt single = single(first);
      if (single.isPresent() && peekIs('-') && !pattern.startsWith("-]", at)) {
        at++;
        OptionalInt last = single(member());
        if (last.isEmpty() || last.getAsInt() < single.getAsInt()) {
          throw wrong("a range whose ends are the wrong way round, or no characters");
        }
        first = CodePoints.of(single.getAsInt(), last.getAsInt());
      }
      all = all.union(first);
    }
    at++;
    return negated ? all.complement() : all;
  }

  private CodePoints member() throws GrammarException {
    int c = next();
    if (c != '\\') {
      return CodePoints.of(c);
    }
    if (peekIs('b')) {
      at++;
      return CodePoints.of('\b');
    }
    if (at == pattern.length()) {
      throw wrong("a backslash at the end");
    }
    return escapedSet();
  }

  private static OptionalInt single(CodePoints set) {
    int[] bounds = set.bounds();
    return bounds.length == 2 && bounds[0] == bounds[1]
        ? OptionalInt.of(bounds[0])
        : OptionalInt.empty();
  }

  private char peek() {
    return pattern.charAt(at);
  }

  private boolean peekIs(char c) {
    return at < pattern.length() && peek() == c;
  }

  private int next() throws GrammarException {
    if (at == pattern.length()) {
      throw wrong("it ends too early");
    }
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private boolean take(char c) {
    boolean found = peekIs(c);
    at += found ? 1 : 0;
    return found;
  }

  private void require(char c) throws GrammarException {
    if (!take(c)) {
      throw wrong("'%c' is missing".formatted(c));
    }
  }

  private GrammarException wrong(String what) {
    String shown = pattern.length() <= 100 ? pattern : pattern.substring(0, 100) + "...";
    return new GrammarException(
        "", "the pattern '%s' can't be used: %s (at character %d)".formatted(shown, what, at + 1));
  }
}
