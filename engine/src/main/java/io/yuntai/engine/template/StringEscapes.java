package io.yuntai.engine.template;

/** Escapes in string literals, as Python reads them. */
final class StringEscapes {
  private StringEscapes() {}

  /**
   * @param body a literal without its quotes
   * @param line for messages
   */
  static String resolve(String body, int line) {
    int escape = body.indexOf('\\');
    if (escape < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (escape >= 0) {
      out.append(body, at, escape);
      at = one(body, escape + 1, out, line);
      escape = body.indexOf('\\', at);
    }
    return out.append(body, at, body.length()).toString();
  }

  /** Resolves the escape whose backslash stands before {@code at}; returns where it ends. */
  private static int one(String body, int at, StringBuilder out, int line) {
    char kind = body.charAt(at);
    switch (kind) {
      case '\n' -> {}
      case '\\', '\'', '"' -> out.append(kind);
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        int end = at;
        int value = 0;
        while (end < Math.min(at + 3, body.length()) && isOctal(body.charAt(end))) {
          value = value * 8 + body.charAt(end++) - '0';
        }
        out.append((char) value);
        return end;
      }
      case 'x' -> out.appendCodePoint(hex(body, at + 1, 2, line));
      case 'u' -> out.appendCodePoint(hex(body, at + 1, 4, line));
      case 'U' -> out.appendCodePoint(hex(body, at + 1, 8, line));
      case 'N' -> throw JinjaTemplate.malformed("character names (\\N) are not supported", line);
      default -> out.append('\\').append(kind);
    }
    return at + 1 + (kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0);
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int hex(String body, int from, int digits, int line) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0 || value > 0x10ffff) {
        throw JinjaTemplate.malformed("a string has an incomplete escape", line);
      }
      value = value * 16 + digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw JinjaTemplate.malformed("a string has an escape beyond Unicode", line);
    }
    return value;
  }
}
