package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.Expr;
import io.yuntai.engine.grammar.GrammarException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pieces that JSON texts are made of. */
final class JsonExprs {
  /**
   * What may stand between the tokens of a text: nothing, one space, or a line break and up to 64
   * blanks. Enough for every usual layout, and bounded: white space without end would be an answer
   * without end.
   */
  static final Expr SPACE = Expr.text(space(), Expr.Encoding.RAW);

  private static final int MAX_PLAIN_SCALE = 30;

  private JsonExprs() {}

  private static Dfa space() {
    try {
      return Dfa.matching("( |\\r?\\n[ \\t]{0,64})?");
    } catch (GrammarException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A string in JSON's spelling: escapes only where they must be. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || isUnpaired(text, i)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static boolean isUnpaired(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }

  /** Strings whose values an automaton accepts, in every spelling. */
  static Expr string(Dfa texts) {
    return Expr.sequence(Expr.literal("\""), Expr.text(texts, Expr.Encoding.JSON));
  }

  /** Any of some values, each in its shortest spelling. */
  static Expr listed(List<JsonValue> values) {
    List<String> words = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    for (JsonValue value : values) {
      switch (value) {
        case JsonValue.JsonNull _ -> words.add("null");
        case JsonValue.JsonBoolean(boolean flag) -> words.add(Boolean.toString(flag));
        case JsonValue.JsonText(String text) -> words.add(quoted(text));
        case JsonValue.JsonNumber(BigDecimal number) ->
            words.add(
                Math.abs(number.scale()) <= MAX_PLAIN_SCALE
                    ? number.toPlainString()
                    : number.toString());
        case JsonValue.JsonArray(List<JsonValue> items) -> others.add(array(items));
        case JsonValue.JsonObject(Map<String, JsonValue> members) -> others.add(object(members));
      }
    }
    others.add(Expr.words(words));
    return Expr.choice(others.stream().filter(other -> !other.equals(Expr.NOTHING)).toList());
  }

  private static Expr array(List<JsonValue> items) {
    List<Expr> parts = new ArrayList<>(List.of(Expr.literal("["), SPACE));
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        parts.add(Expr.literal(","));
        parts.add(SPACE);
      }
      parts.add(listed(List.of(items.get(i))));
    }
    return Expr.sequence(closed(parts, items.isEmpty(), "]"));
  }

  private static Expr object(Map<String, JsonValue> members) {
    List<Expr> parts = new ArrayList<>(List.of(Expr.literal("{"), SPACE));
    boolean first = true;
    for (Map.Entry<String, JsonValue> member : members.entrySet()) {
      if (!first) {
        parts.add(Expr.literal(","));
        parts.add(SPACE);
      }
      parts.add(Expr.literal(quoted(member.getKey()) + ":"));
      parts.add(SPACE);
      parts.add(listed(List.of(member.getValue())));
      first = false;
    }
    return Expr.sequence(closed(parts, members.isEmpty(), "}"));
  }

  private static List<Expr> closed(List<Expr> parts, boolean empty, String bracket) {
    if (!empty) {
      parts.add(SPACE);
    }
    parts.add(Expr.literal(bracket));
    return parts;
  }

  /**
   * The rest of an array or object.
   *
   * @param first whether nothing stands in it yet
   * @param closed the closing bracket, or nothing where it may not come
   * @param more any of what may come next
   */
  static Expr rest(boolean first, Expr closed, List<Expr> more) {
    Expr next = Expr.choice(more);
    if (first) {
      return Expr.sequence(SPACE, choice(closed, next));
    }
    return choice(Expr.sequence(SPACE, closed), Expr.sequence(Expr.literal(","), SPACE, next));
  }

  private static Expr choice(Expr a, Expr b) {
    return a.equals(Expr.NOTHING) ? b : b.equals(Expr.NOTHING) ? a : Expr.choice(a, b);
  }
}
