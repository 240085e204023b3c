package io.yuntai.console.markdown;

/** Cuts LaTeX into tokens: a command with its backslash, or one character. For one thread. */
final class MathLexer {
  static final String END = "";

  private final String source;
  private int at;
  private String token = END;

  MathLexer(String source) {
    this.source = source;
    advance();
  }

  /** The token that is next; {@link #END} after the last. */
  String peek() {
    return token;
  }

  String next() {
    String taken = token;
    advance();
    return taken;
  }

  boolean take(String wanted) {
    if (token.equals(wanted)) {
      advance();
      return true;
    }
    return false;
  }

  private void advance() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
    if (at >= source.length()) {
      token = END;
      return;
    }
    int begin = at;
    char c = source.charAt(at++);
    if (c == '%') {
      while (at < source.length() && source.charAt(at) != '\n') {
        at++;
      }
      advance();
      return;
    }
    if (c == '\\' && at < source.length()) {
      if (isLetter(source.charAt(at))) {
        while (at < source.length() && isLetter(source.charAt(at))) {
          at++;
        }
        if (at < source.length() && source.charAt(at) == '*') {
          at++;
        }
      } else {
        at += Character.charCount(source.codePointAt(at));
      }
    } else if (Character.isHighSurrogate(c) && at < source.length()) {
      at++;
    }
    token = source.substring(begin, at);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The text of a group in braces as it stands; the token that is next is its opening brace. */
  String group() {
    int depth = 1;
    int begin = at;
    int end = at;
    while (end < source.length() && depth > 0) {
      char c = source.charAt(end++);
      if (c == '\\' && end < source.length()) {
        end++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      }
    }
    if (depth > 0) {
      throw new MathSyntaxException("a group is not closed");
    }
    at = end;
    advance();
    return source.substring(begin, end - 1);
  }

  /** A number's digits, beginning with one that was taken. */
  String number(String first) {
    StringBuilder digits = new StringBuilder(first);
    // Blanks part numbers, so this looks at the source and not at tokens.
    int from = at - token.length();
    boolean joined = from > 0 && source.charAt(from - 1) == first.charAt(0);
    while (joined && !token.equals(END) && "0123456789.".contains(token)) {
      boolean dotAtEnd =
          token.equals(".") && (at >= source.length() || !Character.isDigit(source.charAt(at)));
      if (dotAtEnd) {
        break;
      }
      digits.append(token);
      int before = at;
      advance();
      joined = at - token.length() == before;
    }
    return digits.toString();
  }
}
