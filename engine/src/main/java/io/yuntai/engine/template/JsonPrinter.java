package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Real;
import io.yuntai.engine.template.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}, which is Hugging Face's {@code tojson}. */
final class JsonPrinter {
  private final Budget budget;
  private final TextBuilder out;
  private final boolean ensureAscii;
  private final @Nullable Text indent;
  private final Text itemSeparator;
  private final Text keySeparator;
  private final boolean sortKeys;

  private JsonPrinter(Evaluator evaluator, Arguments.Bound arguments) {
    budget = evaluator.budget();
    out = new TextBuilder(budget);
    ensureAscii = arguments.flag(0, false);
    Value indentation = arguments.findSome(1);
    indent =
        switch (indentation) {
          case null -> null;
          case Text text -> text;
          default ->
              new TextBuilder(budget)
                  .repeat(Text.ofTemplate(" "), Numbers.index("tojson", indentation))
                  .build();
        };
    Value separators = arguments.findSome(2);
    if (separators == null) {
      itemSeparator = Text.ofTemplate(indent == null ? ", " : ",");
      keySeparator = Text.ofTemplate(": ");
    } else {
      List<Value> pair = Types.elements(budget, separators);
      if (pair.size() != 2) {
        throw new RenderFailure("tojson needs two separators, not " + pair.size());
      }
      itemSeparator = Texts.require("tojson", pair.get(0));
      keySeparator = Texts.require("tojson", pair.get(1));
    }
    sortKeys = arguments.flag(3, false);
  }

  /** The filter {@code tojson}, with the arguments that transformers gives it. */
  static Value filter(Evaluator evaluator, Value value, Arguments arguments) {
    JsonPrinter printer =
        new JsonPrinter(
            evaluator,
            arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
    printer.print(value, 0);
    return printer.out.build();
  }

  private void print(Value value, int depth) {
    budget.enter();
    switch (value) {
      case Text text -> quote(text);
      case ListValue list -> array(list.items(), depth);
      case Tuple tuple -> array(tuple.items(), depth);
      case Dict dict -> object(dict, depth);
      case None none -> out.append("null");
      case Bool bool -> out.append(bool == Bool.TRUE ? "true" : "false");
      case Int number -> out.append(number.value().toString());
      case Real real -> out.append(print(real.value()));
      default ->
          throw new RenderFailure(
              "Object of type %s is not JSON serializable".formatted(Types.name(value)));
    }
    budget.leave();
  }

  private static String print(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return Numbers.print(value);
  }

  private void array(List<Value> items, int depth) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append("[");
    boolean first = true;
    for (Value item : items) {
      separate(first, depth + 1);
      first = false;
      print(item, depth + 1);
    }
    newLine(depth);
    out.append("]");
  }

  private void object(Dict dict, int depth) {
    if (dict.size() == 0) {
      out.append("{}");
      return;
    }
    List<Dict.Entry> entries = new ArrayList<>(dict.entries());
    if (sortKeys) {
      Comparisons comparisons = new Comparisons(budget);
      entries.sort((a, b) -> comparisons.order(a.key(), b.key()));
    }
    out.append("{");
    boolean first = true;
    for (Dict.Entry entry : entries) {
      separate(first, depth + 1);
      first = false;
      key(entry.key());
      out.append(keySeparator);
      print(entry.value(), depth + 1);
    }
    newLine(depth);
    out.append("}");
  }

  private void key(Value key) {
    switch (key) {
      case Text text -> quote(text);
      case None none -> out.append("\"null\"");
      case Bool bool -> out.append(bool == Bool.TRUE ? "\"true\"" : "\"false\"");
      case Int number -> out.append("\"" + number.value() + "\"");
      case Real real -> out.append("\"" + print(real.value()) + "\"");
      default ->
          throw new RenderFailure(
              "keys must be str, int, float, bool or None, not " + Types.name(key));
    }
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(itemSeparator);
    }
    newLine(depth);
  }

  private void newLine(int depth) {
    if (indent != null) {
      out.append("\n").repeat(indent, depth);
    }
  }

  private void quote(Text text) {
    out.append("\"");
    int plainFrom = 0;
    for (int at = 0; at < text.length(); at++) {
      String escape = escape(text.chars.charAt(at));
      if (escape != null) {
        out.append(text, plainFrom, at);
        out.appendFor(text, at, escape);
        plainFrom = at + 1;
      }
    }
    out.append(text, plainFrom, text.length());
    out.append("\"");
  }

  private @Nullable String escape(char unit) {
    return switch (unit) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default ->
          unit < 0x20 || (ensureAscii && unit > 0x7e) ? "\\u%04x".formatted((int) unit) : null;
    };
  }
}
