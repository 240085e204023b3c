package io.yuntai.ledger.documents;

import java.util.List;
import java.util.Map;

/**
 * JSON as text, always the same for the same values: members in their order, one a line, no escapes
 * but those that must be. Its own writer, so that no release of a library changes an invoice.
 */
public final class JsonText {
  private final StringBuilder text = new StringBuilder();

  private JsonText() {}

  /** Of maps with string keys, lists, strings, integers and booleans. */
  public static String of(Map<String, ?> object) {
    JsonText json = new JsonText();
    json.value(object, 0);
    return json.text.append('\n').toString();
  }

  private void value(Object value, int depth) {
    switch (value) {
      case Map<?, ?> map -> object(map, depth);
      case List<?> list -> array(list, depth);
      case String string -> string(string);
      case Integer number -> text.append(number.intValue());
      case Long number -> text.append(number.longValue());
      case Boolean flag -> text.append(flag.booleanValue());
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private void object(Map<?, ?> map, int depth) {
    String separator = "{";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      text.append(separator);
      line(depth + 1);
      string((String) member.getKey());
      text.append(": ");
      value(member.getValue(), depth + 1);
      separator = ",";
    }
    if (map.isEmpty()) {
      text.append('{');
    } else {
      line(depth);
    }
    text.append('}');
  }

  private void array(List<?> list, int depth) {
    String separator = "[";
    for (Object element : list) {
      text.append(separator);
      line(depth + 1);
      value(element, depth + 1);
      separator = ",";
    }
    if (list.isEmpty()) {
      text.append('[');
    } else {
      line(depth);
    }
    text.append(']');
  }

  private void line(int depth) {
    text.append('\n').repeat(' ', 2 * depth);
  }

  private void string(String value) {
    text.append('"');
    for (int at = 0; at < value.length(); at++) {
      char letter = value.charAt(at);
      if (letter == '"' || letter == '\\') {
        text.append('\\').append(letter);
      } else if (letter < ' ') {
        text.append("\\u00").append(hex(letter >> 4)).append(hex(letter & 15));
      } else {
        text.append(letter);
      }
    }
    text.append('"');
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }
}
