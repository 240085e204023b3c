package io.yuntai.server.output;

import io.yuntai.engine.grammar.schema.JsonType;
import io.yuntai.engine.grammar.schema.MemberTags;
import io.yuntai.engine.grammar.schema.MemberTypes;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a call's arguments that stand between tags and tells them as a JSON object. Strings go on
 * as they come, other values when they are whole. What a value is, the tool's schema decides
 * ({@link io.yuntai.engine.grammar.schema.TaggedObject} has the rule). For one thread.
 */
final class TaggedArguments {
  /** How arguments are written after {@code <function=name>} and a line break. */
  static final MemberTags TAGS =
      new MemberTags("<parameter=", ">\n", "\n", "</parameter>", "\n", "</function>");

  private static final String CALL_END = "</tool_call>";
  private static final String END = TAGS.end();
  private static final int MAX_NAME_CHARS = 256;
  private static final String BLANKS = " \t\r\n";
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  /** How arguments go on. */
  enum Progress {
    /** There must be more. */
    OPEN,
    /** The object is whole, and what ends it was taken. */
    COMPLETE,
    /** What comes next can't be arguments, and was not taken. */
    BROKEN
  }

  private enum State {
    BETWEEN,
    VALUE_START,
    /** In a string: what has come goes on, but for what may be its end. */
    TEXT,
    /** In a value that is understood when it is whole. */
    VALUE,
    /** The same, an array or object: its end is where its brackets close. */
    BRACKETS
  }

  private final MemberTypes types;
  private State state = State.BETWEEN;
  private boolean begun;
  private String name = "";
  private JsonScanner scanner = new JsonScanner();

  /** How far into the value the scanner has read, or the search for its end. */
  private int scanned;

  TaggedArguments(MemberTypes types) {
    this.types = types;
  }

  /**
   * Takes from the beginning of what has come all that is certain.
   *
   * @param pending what has come and was not taken yet
   * @param json where the object goes on
   */
  Progress read(StringBuilder pending, StringBuilder json) {
    while (true) {
      int left = pending.length();
      State before = state;
      Progress progress =
          switch (state) {
            case BETWEEN -> between(pending, json);
            case VALUE_START -> valueStart(pending, json);
            case TEXT -> text(pending, json);
            case VALUE -> value(pending, json);
            case BRACKETS -> brackets(pending, json);
          };
      if (progress != Progress.OPEN || (state == before && pending.length() == left)) {
        return progress;
      }
    }
  }

  /**
   * The answer broke off.
   *
   * @param rest what was not taken
   * @param json where what belongs to a value goes
   * @return what belongs to none
   */
  String finish(String rest, StringBuilder json) {
    switch (state) {
      case TEXT -> escape(rest, json);
      case VALUE, BRACKETS -> json.append(rest);
      case BETWEEN, VALUE_START -> {
        return rest.strip();
      }
    }
    return "";
  }

  private Progress between(StringBuilder pending, StringBuilder json) {
    int start = blanks(pending, 0);
    pending.delete(0, start);
    if (!begun) {
      json.append('{');
      begun = true;
      name = "";
    }
    if (startsWith(pending, TAGS.close()) || startsWith(pending, CALL_END)) {
      // Where a model forgot the inner end, the outer one is left for the reader of calls.
      pending.delete(0, startsWith(pending, TAGS.close()) ? TAGS.close().length() : 0);
      json.append('}');
      return Progress.COMPLETE;
    }
    if (startsWith(pending, TAGS.beforeName())) {
      return name(pending, json);
    }
    return mayBecome(pending, TAGS.close(), CALL_END, TAGS.beforeName())
        ? Progress.OPEN
        : Progress.BROKEN;
  }

  private Progress name(StringBuilder pending, StringBuilder json) {
    int from = TAGS.beforeName().length();
    int end = pending.indexOf(">", from);
    String read = pending.substring(from, end < 0 ? pending.length() : end);
    if (read.length() > MAX_NAME_CHARS || read.indexOf('\n') >= 0 || end == from) {
      return Progress.BROKEN;
    }
    if (end >= 0) {
      pending.delete(0, end + 1);
      json.append(name.isEmpty() ? "\"" : ", \"");
      escape(read, json);
      json.append("\": ");
      name = read;
      state = State.VALUE_START;
    }
    return Progress.OPEN;
  }

  private Progress valueStart(StringBuilder pending, StringBuilder json) {
    if (pending.isEmpty()) {
      return Progress.OPEN;
    }
    if (pending.charAt(0) == '\n') {
      pending.deleteCharAt(0);
    }
    scanned = 0;
    Set<JsonType> possible = types.of(name);
    if (possible.equals(Set.of(JsonType.STRING))) {
      json.append('"');
      state = State.TEXT;
    } else {
      state = State.VALUE;
      if (possible.contains(JsonType.ARRAY) || possible.contains(JsonType.OBJECT)) {
        scanner = new JsonScanner();
        "{\"\":".chars().forEach(c -> scanner.next((char) c));
        state = State.BRACKETS;
      }
    }
    return Progress.OPEN;
  }

  private Progress text(StringBuilder pending, StringBuilder json) {
    int end = pending.indexOf(END);
    if (end >= 0) {
      escape(withoutLastBreak(pending.substring(0, end)), json);
      json.append('"');
      take(pending, end);
      return Progress.OPEN;
    }
    int certain = pending.length();
    for (int i = Math.max(0, certain - END.length() + 1); i < certain; i++) {
      if (END.startsWith(pending.substring(i))) {
        certain = i;
      }
    }
    if (certain > 0 && pending.charAt(certain - 1) == '\n') {
      certain--;
    }
    escape(pending.substring(0, certain), json);
    pending.delete(0, certain);
    return Progress.OPEN;
  }

  private Progress value(StringBuilder pending, StringBuilder json) {
    int end = pending.indexOf(END, scanned);
    if (end >= 0) {
      json.append(json(pending.substring(0, end)));
      take(pending, end);
    } else {
      scanned = Math.max(0, pending.length() - END.length() + 1);
    }
    return Progress.OPEN;
  }

  /** An array or object, in whose strings the ending tag may stand. */
  private Progress brackets(StringBuilder pending, StringBuilder json) {
    while (scanned < pending.length()
        && (scanned == 0 || scanner.depth() != 1 || isBlank(pending))) {
      char c = pending.charAt(scanned);
      boolean opens =
          (c == '[' && types.of(name).contains(JsonType.ARRAY))
              || (c == '{' && types.of(name).contains(JsonType.OBJECT));
      boolean first = scanner.depth() == 1 && BLANKS.indexOf(c) < 0;
      if ((first && !opens) || scanner.next(c) == JsonScanner.State.BROKEN) {
        scanned = 0;
        state = State.VALUE;
        return Progress.OPEN;
      }
      scanned++;
    }
    if (scanned == 0 || scanner.depth() != 1 || isBlank(pending)) {
      return Progress.OPEN;
    }
    int end = blanks(pending, scanned);
    if (pending.indexOf(END, end) == end) {
      json.append(pending, 0, scanned);
      take(pending, end);
    } else if (!END.startsWith(pending.substring(end))) {
      scanned = 0;
      state = State.VALUE;
    }
    return Progress.OPEN;
  }

  /** Whether nothing but blanks has been scanned. */
  private boolean isBlank(StringBuilder pending) {
    return blanks(pending, 0) >= scanned;
  }

  private void take(StringBuilder pending, int end) {
    pending.delete(0, end + END.length());
    state = State.BETWEEN;
  }

  /** A whole value as JSON: of a type that it may have and reads as, else a string. */
  private String json(String text) {
    String plain = stripped(text);
    Set<JsonType> possible = types.of(name);
    String word =
        switch (plain) {
          case "null", "None" -> possible.contains(JsonType.NULL) ? "null" : "";
          case "true", "True" -> possible.contains(JsonType.BOOLEAN) ? "true" : "";
          case "false", "False" -> possible.contains(JsonType.BOOLEAN) ? "false" : "";
          default ->
              possible.contains(JsonType.NUMBER) && NUMBER.matcher(plain).matches() ? plain : "";
        };
    if (!word.isEmpty()) {
      return word;
    }
    StringBuilder json = new StringBuilder("\"");
    escape(withoutLastBreak(text), json);
    return json.append('"').toString();
  }

  private static String stripped(String text) {
    int start = blanks(text, 0);
    int end = text.length();
    while (end > start && BLANKS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }

  private static String withoutLastBreak(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static int blanks(CharSequence text, int from) {
    int i = from;
    while (i < text.length() && BLANKS.indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  private static boolean startsWith(StringBuilder pending, String tag) {
    return pending.indexOf(tag) == 0;
  }

  private static boolean mayBecome(StringBuilder pending, String... tags) {
    for (String tag : tags) {
      if (tag.startsWith(pending.toString())) {
        return true;
      }
    }
    return false;
  }

  private static void escape(String text, StringBuilder json) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
  }
}
