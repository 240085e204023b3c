package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a filter's {@code attribute} argument names, such as {@code function.name}. */
final class Attributes {
  private final Evaluator evaluator;
  private final List<Value> path;
  private final @Nullable Value otherwise;
  private final boolean ignoreCase;

  private Attributes(
      Evaluator evaluator, List<Value> path, @Nullable Value otherwise, boolean ignoreCase) {
    this.evaluator = evaluator;
    this.path = path;
    this.otherwise = otherwise;
    this.ignoreCase = ignoreCase;
  }

  /** The value itself. */
  static Attributes self(Evaluator evaluator) {
    return new Attributes(evaluator, List.of(), null, false);
  }

  static Attributes of(Evaluator evaluator, Value attribute) {
    List<Value> path = new ArrayList<>();
    if (attribute instanceof Text text) {
      for (String part : text.chars.split("\\.", -1)) {
        boolean number =
            !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Attributes::isDigit);
        path.add(number ? Int.of(Long.parseLong(part)) : Text.ofTemplate(part));
      }
    } else {
      path.add(attribute);
    }
    return new Attributes(evaluator, path, null, false);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** With a value for where there is none. */
  Attributes otherwise(@Nullable Value value) {
    return new Attributes(evaluator, path, value, ignoreCase);
  }

  /** With strings in lower case, for comparing them. */
  Attributes ignoringCase(boolean ignore) {
    return new Attributes(evaluator, path, otherwise, ignore);
  }

  Value get(Value item) {
    evaluator.budget().step();
    Value value = item;
    for (Value part : path) {
      value = Access.item(evaluator.budget(), value, part);
      if (value instanceof Undefined && otherwise != null) {
        value = otherwise;
      }
    }
    return ignoreCase && value instanceof Text text
        ? Text.ofTemplate(text.chars.toLowerCase(Locale.ROOT))
        : value;
  }

  List<Value> all(List<Value> items) {
    evaluator.budget().elements(items.size());
    List<Value> values = new ArrayList<>(items.size());
    for (Value item : items) {
      values.add(get(item));
    }
    return values;
  }
}
