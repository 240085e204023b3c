package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GBNF, the notation of llama.cpp's grammars: rules {@code name ::= ...} of literals, character
 * classes, references, groups, {@code |}, and the quantifiers {@code * + ? {m,n}}.
 */
final class GbnfParser {
  private static final int MAX_CHARS = 200_000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_REPEAT = 10_000;
  private static final int MAX_QUANTIFIERS = 10;

  private final String source;
  private int at;
  private int depth;
  private final Map<String, GbnfNode> rules = new LinkedHashMap<>();

  private GbnfParser(String source) {
    this.source = source;
  }

  /**
   * Reads a grammar.
   *
   * @throws GrammarException naming the line and what is wrong there
   */
  static Expr parse(String source) throws GrammarException {
    if (source.length() > MAX_CHARS) {
      throw new GrammarException(
          "",
          "a grammar has at most %,d characters, this one has %,d"
              .formatted(MAX_CHARS, source.length()));
    }
    GbnfParser parser = new GbnfParser(source);
    parser.rules();
    return new GbnfCompiler(parser.rules).compile();
  }

  private void rules() throws GrammarException {
    space(true);
    while (at < source.length()) {
      String name = name();
      space(false);
      if (!source.startsWith("::=", at)) {
        throw wrong("'::=' is missing after the rule name '%s'".formatted(name));
      }
      at += 3;
      space(true);
      GbnfNode body = choice(false);
      if (rules.put(name, body) != null) {
        throw wrong("the rule '%s' is there twice".formatted(name));
      }
      space(true);
    }
  }

  private GbnfNode choice(boolean nested) throws GrammarException {
    if (++depth > MAX_DEPTH) {
      throw wrong("groups are nested deeper than " + MAX_DEPTH);
    }
    List<GbnfNode> choices = new ArrayList<>();
    choices.add(sequence(nested));
    while (at < source.length() && source.charAt(at) == '|') {
      at++;
      space(true);
      choices.add(sequence(nested));
    }
    depth--;
    return choices.size() == 1 ? choices.getFirst() : new GbnfNode.Choice(choices);
  }

  private GbnfNode sequence(boolean nested) throws GrammarException {
    List<GbnfNode> parts = new ArrayList<>();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '"') {
        parts.add(quantified(literal(), nested));
      } else if (c == '[') {
        parts.add(quantified(new GbnfNode.Chars(characters()), nested));
      } else if (c == '.') {
        at++;
        space(nested);
        parts.add(quantified(new GbnfNode.Chars(CodePoints.ALL), nested));
      } else if (c == '(') {
        at++;
        space(true);
        GbnfNode inside = choice(true);
        require(')');
        parts.add(quantified(inside, nested));
      } else if (isNameChar(c)) {
        String name = name();
        parts.add(quantified(new GbnfNode.Reference(name, line()), nested));
      } else {
        break;
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new GbnfNode.Sequence(parts);
  }

  private GbnfNode quantified(GbnfNode part, boolean nested) throws GrammarException {
    space(nested);
    GbnfNode result = part;
    int quantifiers = 0;
    while (at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0) {
      if (++quantifiers > MAX_QUANTIFIERS) {
        throw wrong("more than %d quantifiers in a row".formatted(MAX_QUANTIFIERS));
      }
      char c = source.charAt(at++);
      int min = c == '+' ? 1 : 0;
      int max = c == '?' ? 1 : -1;
      if (c == '{') {
        space(nested);
        min = peekIs(',') ? 0 : count();
        max = min;
        if (peekIs(',')) {
          at++;
          space(nested);
          max = peekIs('}') ? -1 : count();
        }
        require('}');
        if (max >= 0 && max < min) {
          throw wrong("a quantifier whose bounds are the wrong way round");
        }
      }
      result = new GbnfNode.Repeat(result, min, max);
      space(nested);
    }
    return result;
  }

  private int count() throws GrammarException {
    int from = at;
    int value = 0;
    while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
      value = Math.min(MAX_REPEAT + 1, 10 * value + (source.charAt(at++) - '0'));
    }
    if (at == from || value > MAX_REPEAT) {
      throw wrong("a quantifier takes numbers from 0 to %,d".formatted(MAX_REPEAT));
    }
    space(true);
    return value;
  }

  private GbnfNode literal() throws GrammarException {
    at++;
    StringBuilder text = new StringBuilder();
    while (!peekIs('"')) {
      if (at == source.length() || source.charAt(at) == '\n') {
        throw wrong("a literal without its closing quotation mark");
      }
      text.appendCodePoint(character());
    }
    at++;
    return new GbnfNode.Literal(text.toString());
  }

  private CodePoints characters() throws GrammarException {
    at++;
    boolean negated = peekIs('^');
    at += negated ? 1 : 0;
    List<int[]> ranges = new ArrayList<>();
    while (!peekIs(']')) {
      int first = characterOfSet();
      int last = first;
      if (peekIs('-') && !source.startsWith("-]", at)) {
        at++;
        last = characterOfSet();
      }
      if (last < first) {
        throw wrong("a range whose ends are the wrong way round");
      }
      ranges.add(new int[] {first, last});
    }
    at++;
    CodePoints set = CodePoints.of(ranges);
    return negated ? set.complement() : set;
  }

  private int characterOfSet() throws GrammarException {
    if (at == source.length() || source.charAt(at) == '\n') {
      throw wrong("'[' without ']'");
    }
    return character();
  }

  private int character() throws GrammarException {
    int c = source.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return c;
    }
    if (at == source.length()) {
      throw wrong("a backslash at the end");
    }
    char escaped = source.charAt(at++);
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '"', '\\', '[', ']', '-', '^', '/', '.' -> escaped;
      default -> throw wrong("the escape \\%c is not known".formatted(escaped));
    };
  }

  private int hex(int digits) throws GrammarException {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < source.length() ? Character.digit(source.charAt(at), 16) : -1;
      if (digit < 0) {
        throw wrong("an escape with too few hexadecimal digits");
      }
      value = 16 * value + digit;
      at++;
    }
    boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    if (value > CodePoints.MAX || surrogate) {
      throw wrong("an escape that is no character");
    }
    return (int) value;
  }

  private String name() throws GrammarException {
    int from = at;
    while (at < source.length() && isNameChar(source.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw wrong("a rule's name is expected");
    }
    return source.substring(from, at);
  }

  private static boolean isNameChar(char c) {
    return CharacterClasses.WORD.contains(c) || c == '-';
  }

  /** Skips blanks and comments; line breaks only where a rule can't end. */
  private void space(boolean lines) {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '#') {
        while (at < source.length() && source.charAt(at) != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else if (!lines && (c == '\n' || c == '\r') && continues()) {
        at++;
      } else {
        return;
      }
    }
  }

  /** Whether the next line goes on with an alternative. */
  private boolean continues() {
    int ahead = at;
    while (ahead < source.length() && " \t\r\n".indexOf(source.charAt(ahead)) >= 0) {
      ahead++;
    }
    return ahead < source.length() && source.charAt(ahead) == '|';
  }

  private boolean peekIs(char c) {
    return at < source.length() && source.charAt(at) == c;
  }

  private void require(char c) throws GrammarException {
    if (!peekIs(c)) {
      throw wrong("'%c' is missing".formatted(c));
    }
    at++;
  }

  private int line() {
    return 1
        + (int)
            source
                .substring(0, Math.min(at, source.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
  }

  private GrammarException wrong(String what) {
    return new GrammarException("line " + line(), what);
  }
}
