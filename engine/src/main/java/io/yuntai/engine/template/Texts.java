package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Python's strings can do that is more than one call. */
final class Texts {
  private Texts() {}

  /** A string argument. */
  static Text require(String function, Value value) {
    if (value instanceof Text text) {
      return text;
    }
    refuseUndefined(value);
    throw new RenderFailure("%s needs a string, not '%s'".formatted(function, Types.name(value)));
  }

  static void refuseUndefined(Value... values) {
    for (Value value : values) {
      if (value instanceof Undefined undefined) {
        throw new RenderFailure(undefined.reason());
      }
    }
  }

  /** Python's {@code str.isspace} of one character. */
  static boolean isSpace(int point) {
    return Character.isSpaceChar(point)
        || (point >= 0x9 && point <= 0xd)
        || (point >= 0x1c && point <= 0x1f)
        || point == 0x85;
  }

  /** Removes white space, or the characters of {@code chars}, from one or both ends. */
  static Text strip(Text text, @Nullable Text chars, int ends) {
    int start = 0;
    int end = text.length();
    while (start < end && (ends & LEFT) != 0) {
      int point = text.chars.codePointAt(start);
      if (!isStripped(point, chars)) {
        break;
      }
      start += Character.charCount(point);
    }
    while (start < end && (ends & RIGHT) != 0) {
      int point = text.chars.codePointBefore(end);
      if (!isStripped(point, chars)) {
        break;
      }
      end -= Character.charCount(point);
    }
    return text.substring(start, end);
  }

  static final int LEFT = 1;
  static final int RIGHT = 2;
  static final int BOTH = 3;

  private static boolean isStripped(int point, @Nullable Text chars) {
    return chars == null ? isSpace(point) : chars.chars.indexOf(point) >= 0;
  }

  static Text upper(Text text) {
    return text.rewritten(text.chars.toUpperCase(Locale.ROOT));
  }

  static Text lower(Text text) {
    return text.rewritten(text.chars.toLowerCase(Locale.ROOT));
  }

  /** First letter large, the rest small. */
  static Text capitalize(Text text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offset(1);
    String head = titleCase(text.chars.substring(0, first));
    return text.rewritten(head + text.chars.substring(first).toLowerCase(Locale.ROOT));
  }

  private static String titleCase(String character) {
    int point = character.codePointAt(0);
    int title = Character.toTitleCase(point);
    // Letters such as the sharp s have a capital of several letters, only the first of them large.
    if (title == point && Character.isLowerCase(point)) {
      String upper = character.toUpperCase(Locale.ROOT);
      return upper.isEmpty()
          ? upper
          : upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT);
    }
    return Character.toString(title);
  }

  /** Python's {@code str.title}: each run of letters capitalised. */
  static Text title(Text text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int at = 0; at < text.length(); ) {
      int point = text.chars.codePointAt(at);
      String character = Character.toString(point);
      out.append(inWord ? character.toLowerCase(Locale.ROOT) : titleCase(character));
      inWord = isCased(point);
      at += Character.charCount(point);
    }
    return text.rewritten(out.toString());
  }

  static boolean isCased(int point) {
    return Character.isUpperCase(point)
        || Character.isLowerCase(point)
        || Character.isTitleCase(point);
  }

  static Text replace(Budget budget, Text text, Text old, Text replacement, long count) {
    if (count == 0) {
      return text;
    }
    long left = count < 0 ? Long.MAX_VALUE : count;
    TextBuilder out = new TextBuilder(budget);
    if (old.isEmpty()) {
      int at = 0;
      while (left-- > 0) {
        out.append(replacement);
        if (at == text.length()) {
          return out.build();
        }
        int next = at + Character.charCount(text.chars.codePointAt(at));
        out.append(text, at, next);
        at = next;
      }
      return out.append(text, at, text.length()).build();
    }
    int from = 0;
    int hit = text.chars.indexOf(old.chars);
    while (hit >= 0 && left-- > 0) {
      out.append(text, from, hit).append(replacement);
      from = hit + old.length();
      hit = text.chars.indexOf(old.chars, from);
    }
    return out.append(text, from, text.length()).build();
  }

  static Text join(Budget budget, Text separator, List<Value> items) {
    TextBuilder out = new TextBuilder(budget);
    boolean first = true;
    for (Value item : items) {
      if (!first) {
        out.append(separator);
      }
      first = false;
      out.append(Printer.str(budget, item));
    }
    return out.build();
  }

  /** Python's {@code splitlines} without the line ends. */
  static List<Value> lines(Budget budget, Text text, boolean keepEnds) {
    List<Value> lines = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      char unit = text.chars.charAt(at);
      if (isLineEnd(unit)) {
        int next = at + 1;
        if (unit == '\r' && next < text.length() && text.chars.charAt(next) == '\n') {
          next++;
        }
        budget.elements(1);
        lines.add(text.substring(from, keepEnds ? next : at));
        from = next;
        at = next - 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  private static boolean isLineEnd(char unit) {
    return (unit >= 0xa && unit <= 0xd)
        || (unit >= 0x1c && unit <= 0x1e)
        || unit == 0x85
        || unit == 0x2028
        || unit == 0x2029;
  }

  /** Python's {@code split} and, from the right, {@code rsplit}; {@code max} below 0 for all. */
  static List<Value> split(
      Budget budget, Text text, @Nullable Text separator, int max, boolean fromRight) {
    if (separator == null) {
      return fromRight ? wordsFromRight(budget, text, max) : words(budget, text, max);
    }
    if (separator.isEmpty()) {
      throw new RenderFailure("empty separator");
    }
    List<Value> parts = new ArrayList<>();
    if (fromRight) {
      int end = text.length();
      int hit = text.chars.lastIndexOf(separator.chars, end - separator.length());
      while (hit >= 0 && (max < 0 || parts.size() < max)) {
        budget.elements(1);
        parts.addFirst(text.substring(hit + separator.length(), end));
        end = hit;
        hit =
            end < separator.length()
                ? -1
                : text.chars.lastIndexOf(separator.chars, end - separator.length());
      }
      parts.addFirst(text.substring(0, end));
      return parts;
    }
    int from = 0;
    int hit = text.chars.indexOf(separator.chars);
    while (hit >= 0 && (max < 0 || parts.size() < max)) {
      budget.elements(1);
      parts.add(text.substring(from, hit));
      from = hit + separator.length();
      hit = text.chars.indexOf(separator.chars, from);
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<Value> words(Budget budget, Text text, int max) {
    List<Value> parts = new ArrayList<>();
    Text rest = strip(text, null, LEFT);
    int at = 0;
    while (at < rest.length()) {
      budget.elements(1);
      if (max >= 0 && parts.size() == max) {
        parts.add(rest.substring(at));
        return parts;
      }
      int end = at;
      while (end < rest.length() && !isSpace(rest.chars.charAt(end))) {
        end++;
      }
      parts.add(rest.substring(at, end));
      while (end < rest.length() && isSpace(rest.chars.charAt(end))) {
        end++;
      }
      at = end;
    }
    return parts;
  }

  private static List<Value> wordsFromRight(Budget budget, Text text, int max) {
    List<Value> parts = new ArrayList<>();
    Text rest = strip(text, null, RIGHT);
    int end = rest.length();
    while (end > 0) {
      budget.elements(1);
      if (max >= 0 && parts.size() == max) {
        parts.add(rest.substring(0, end));
        break;
      }
      int at = end;
      while (at > 0 && !isSpace(rest.chars.charAt(at - 1))) {
        at--;
      }
      parts.add(rest.substring(at, end));
      while (at > 0 && isSpace(rest.chars.charAt(at - 1))) {
        at--;
      }
      end = at;
    }
    return parts.reversed();
  }
}
