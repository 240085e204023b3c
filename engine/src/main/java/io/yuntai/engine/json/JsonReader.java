package io.yuntai.engine.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to values: {@code null}, {@link Boolean}, {@link Long} (whole numbers that fit), {@link
 * Double}, {@link String}, {@link List}, and {@link Map} in the order of the text. A name that
 * stands twice in one object is refused.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * The value of a whole text.
   *
   * @throws JsonException if it is not one JSON value
   */
  public static @Nullable Object parse(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value(0);
    reader.skipBlanks();
    if (reader.at < text.length()) {
      throw reader.wrong("there is more after the end of the value");
    }
    return value;
  }

  /**
   * An object.
   *
   * @throws JsonException if the text is not one JSON object
   */
  public static Map<String, @Nullable Object> parseObject(String text) {
    JsonReader reader = new JsonReader(text);
    reader.skipBlanks();
    Map<String, @Nullable Object> object = reader.object(0);
    reader.skipBlanks();
    if (reader.at < text.length()) {
      throw reader.wrong("there is more after the end of the object");
    }
    return object;
  }

  private @Nullable Object value(int depth) {
    skipBlanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    enter('{', depth);
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    skipBlanks();
    if (peek() == '}') {
      at++;
      return object;
    }
    while (true) {
      skipBlanks();
      if (peek() != '"') {
        throw wrong("a name in quotes is missing");
      }
      String name = string();
      skipBlanks();
      expect(':');
      Object value = value(depth + 1);
      if (object.containsKey(name)) {
        throw wrong("a name stands twice in one object");
      }
      object.put(name, value);
      skipBlanks();
      if (peek() == '}') {
        at++;
        return object;
      }
      expect(',');
    }
  }

  private List<@Nullable Object> array(int depth) {
    enter('[', depth);
    List<@Nullable Object> list = new ArrayList<>();
    skipBlanks();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      skipBlanks();
      if (peek() == ']') {
        at++;
        return list;
      }
      expect(',');
    }
  }

  private void enter(char bracket, int depth) {
    if (depth >= MAX_DEPTH) {
      throw wrong("more than " + MAX_DEPTH + " brackets are open");
    }
    expect(bracket);
  }

  private String string() {
    expect('"');
    int end = at;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\') {
      if (text.charAt(end) < ' ') {
        at = end;
        throw wrong("a control character stands in a string");
      }
      end++;
    }
    if (end < text.length() && text.charAt(end) == '"') {
      String plain = text.substring(at, end);
      at = end + 1;
      return plain;
    }
    return stringWithEscapes();
  }

  private String stringWithEscapes() {
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return string.toString();
      }
      if (c < ' ') {
        throw wrong("a control character stands in a string");
      }
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          char digit = next();
          int value = digit < 128 ? Character.digit(digit, 16) : -1;
          if (value < 0) {
            throw wrong("an escape has no four hexadecimal digits");
          }
          code = code * 16 + value;
        }
        yield (char) code;
      }
      default -> throw wrong("an escape is unknown");
    };
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("a value is expected");
    }
    at += word.length();
    return value;
  }

  private Object number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int firstDigit = at;
    int digits = digits();
    if (digits == 0) {
      at = start;
      throw wrong("a value is expected");
    }
    if (digits > 1 && text.charAt(firstDigit) == '0') {
      throw wrong("a number starts with a needless zero");
    }
    boolean whole = true;
    if (peek() == '.') {
      at++;
      whole = false;
      requireDigits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      whole = false;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      requireDigits();
    }
    String number = text.substring(start, at);
    return whole && number.length() <= 18
        ? (Object) Long.valueOf(number)
        : (Object) Double.valueOf(number);
  }

  private void requireDigits() {
    if (digits() == 0) {
      throw wrong("a digit is missing");
    }
  }

  private int digits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - start;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next character; 0 at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char next() {
    if (at == text.length()) {
      throw wrong("the text ends in a string");
    }
    return text.charAt(at++);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong("'" + c + "' is missing");
    }
    at++;
  }

  private JsonException wrong(String what) {
    return new JsonException(what, at);
  }
}
