package io.yuntai.engine.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} as Hugging Face
 * sets them: a block takes the newline after it and the white space before it on its line.
 */
final class Lexer {
  private static final Set<String> LONG_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-/*%~[](){}<>=.:|,;";

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether a line starts here as far as {@code lstrip_blocks} goes. */
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        data(at, source.length());
        at = source.length();
        break;
      }
      int begin = tag + 2;
      char sign = begin < source.length() ? source.charAt(begin) : ' ';
      boolean signed = sign == '-' || sign == '+';
      char type = source.charAt(tag + 1);
      textBefore(tag, signed ? sign : ' ', type != '{');
      moveTo(signed ? begin + 1 : begin);
      switch (type) {
        case '#' -> comment();
        case '{' -> {
          add(Token.Kind.OUTPUT_BEGIN, "{{");
          inside(Token.Kind.OUTPUT_END, "}}");
        }
        default -> {
          if (!raw()) {
            add(Token.Kind.BLOCK_BEGIN, "{%");
            inside(Token.Kind.BLOCK_END, "%}");
          }
        }
      }
    }
    add(Token.Kind.END, "");
  }

  private int nextTag(int from) {
    int brace = source.indexOf('{', from);
    while (brace >= 0 && brace + 1 < source.length()) {
      char next = source.charAt(brace + 1);
      if (next == '{' || next == '%' || next == '#') {
        return brace;
      }
      brace = source.indexOf('{', brace + 1);
    }
    return -1;
  }

  /** Emits the text from here to a tag, stripped as the tag and our settings ask. */
  private void textBefore(int tag, char sign, boolean block) {
    int end = tag;
    if (sign == '-') {
      while (end > at && Texts.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && block) {
      int blankFrom = tag;
      while (blankFrom > at && isBlank(source.charAt(blankFrom - 1))) {
        blankFrom--;
      }
      boolean atLineStart = blankFrom > at ? source.charAt(blankFrom - 1) == '\n' : lineStarts;
      end = atLineStart ? blankFrom : tag;
    }
    data(at, end);
    moveTo(tag);
  }

  private static boolean isBlank(char unit) {
    return unit != '\n' && Texts.isSpace(unit);
  }

  private void data(int from, int to) {
    if (from < to) {
      add(Token.Kind.DATA, source.substring(from, to));
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw error("a comment is not closed with '#}'");
    }
    char sign = end > at ? source.charAt(end - 1) : ' ';
    moveTo(end + 2);
    afterTag(sign);
  }

  /** What a tag's end takes of the text after it. */
  private void afterTag(char sign) {
    int from = at;
    int to = at;
    if (sign == '-') {
      while (to < source.length() && Texts.isSpace(source.charAt(to))) {
        to++;
      }
    } else if (sign != '+' && to < source.length() && source.charAt(to) == '\n') {
      to++;
    }
    moveTo(to);
    lineStarts = to > from && source.charAt(to - 1) == '\n';
  }

  /** Reads a raw block whole, if this is one. */
  private boolean raw() {
    int i = skipSpace(at);
    if (!source.startsWith("raw", i)) {
      return false;
    }
    i = skipSpace(i + 3);
    boolean strips = source.startsWith("-%}", i);
    if (!strips && !source.startsWith("%}", i)) {
      return false;
    }
    moveTo(i + (strips ? 3 : 2));
    lineStarts = false;
    if (strips) {
      afterTag('-');
    }
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      int end = skipSpace(signed ? tag + 3 : tag + 2);
      if (!source.startsWith("endraw", end)) {
        continue;
      }
      end = skipSpace(end + 6);
      char endSign = end < source.length() ? source.charAt(end) : ' ';
      boolean endSigned = endSign == '-' || endSign == '+';
      if (source.startsWith("%}", endSigned ? end + 1 : end)) {
        textBefore(tag, signed ? sign : ' ', true);
        moveTo(end + (endSigned ? 3 : 2));
        afterTag(endSigned ? endSign : ' ');
        return true;
      }
    }
    throw error("a raw block is not closed with '{% endraw %}'");
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && Texts.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Reads the tokens of a tag up to its end. */
  private void inside(Token.Kind endKind, String endText) {
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      moveTo(skipSpace(at));
      if (at >= source.length()) {
        throw error("a tag is not closed with '%s'".formatted(endText));
      }
      char c = source.charAt(at);
      if (open.isEmpty()) {
        boolean signed = c == '-' || (c == '+' && endKind == Token.Kind.BLOCK_END);
        int end = signed ? at + 1 : at;
        if (source.startsWith(endText, end)) {
          add(endKind, endText);
          moveTo(end + 2);
          // trim_blocks concerns blocks and comments only.
          afterTag(signed ? c : endKind == Token.Kind.BLOCK_END ? ' ' : '+');
          return;
        }
      }
      if (c >= '0' && c <= '9') {
        number();
      } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(at))) {
        name();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        operator(open);
      }
    }
  }

  private void name() {
    int end = at;
    while (end < source.length()) {
      int point = source.codePointAt(end);
      if (!Character.isUnicodeIdentifierPart(point) || Character.isIdentifierIgnorable(point)) {
        break;
      }
      end += Character.charCount(point);
    }
    take(Token.Kind.NAME, end);
  }

  private void number() {
    boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
    int end = digits(at);
    boolean real = false;
    if (!afterDot) {
      if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
        end = digits(end + 1);
        real = true;
      }
      int exponent = end + 1;
      if (end < source.length() && (source.charAt(end) | 32) == 'e') {
        if (exponent < source.length() && "+-".indexOf(source.charAt(exponent)) >= 0) {
          exponent++;
        }
        if (isDigit(exponent)) {
          end = digits(exponent);
          real = true;
        }
      }
    }
    if (!real && source.charAt(at) == '0' && end == at + 1 && end < source.length()) {
      end = otherBase(end);
    }
    take(real ? Token.Kind.FLOAT : Token.Kind.INTEGER, end);
  }

  private int otherBase(int marker) {
    int base = "box".indexOf(source.charAt(marker) | 32);
    if (base < 0) {
      return marker;
    }
    int radix = base == 0 ? 2 : base == 1 ? 8 : 16;
    int end = marker + 1;
    while (end < source.length()
        && ((Character.digit(source.charAt(end), radix) >= 0 && source.charAt(end) < 0x80)
            || source.charAt(end) == '_')) {
      end++;
    }
    return end == marker + 1 ? marker : end;
  }

  private int digits(int from) {
    int end = from;
    while (isDigit(end)
        || (end < source.length() && source.charAt(end) == '_' && isDigit(end + 1))) {
      end++;
    }
    return end;
  }

  private boolean isDigit(int index) {
    return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw error("a string is not closed");
    }
    add(Token.Kind.STRING, StringEscapes.resolve(source.substring(at + 1, end), line));
    moveTo(end + 1);
  }

  private void operator(Deque<Character> open) {
    char c = source.charAt(at);
    if (at + 2 <= source.length() && LONG_OPERATORS.contains(source.substring(at, at + 2))) {
      take(Token.Kind.OPERATOR, at + 2);
      return;
    }
    if (OPERATORS.indexOf(c) < 0) {
      throw error(
          "unexpected character '%s'".formatted(Character.toString(source.codePointAt(at))));
    }
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != c) {
          throw error("unexpected '%c'".formatted(c));
        }
      }
      default -> {}
    }
    take(Token.Kind.OPERATOR, at + 1);
  }

  private void take(Token.Kind kind, int end) {
    add(kind, source.substring(at, end));
    moveTo(end);
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void moveTo(int to) {
    for (int i = at; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    at = to;
  }

  private TemplateException error(String message) {
    return JinjaTemplate.malformed(message, line);
  }
}
