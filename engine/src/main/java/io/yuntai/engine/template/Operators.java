package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's binary operators. */
final class Operators {
  private Operators() {}

  /** One of {@code + - * / // % **}. */
  static Value apply(Evaluator evaluator, String operator, Value left, Value right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.operate(operator, left, right);
    }
    Value result =
        switch (operator) {
          case "+" -> add(evaluator.budget(), left, right);
          case "*" -> {
            Value repeated = repeat(evaluator.budget(), left, Numbers.integer(right));
            yield repeated != null
                ? repeated
                : repeat(evaluator.budget(), right, Numbers.integer(left));
          }
          case "%" ->
              left instanceof Text format ? Formats.percent(evaluator, format, right) : null;
          default -> null;
        };
    if (result == null) {
      Texts.refuseUndefined(left, right);
      throw new RenderFailure(
          "unsupported operand types for %s: '%s' and '%s'"
              .formatted(operator, Types.name(left), Types.name(right)));
    }
    return result;
  }

  private static @Nullable Value add(Budget budget, Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      return new TextBuilder(budget).append(a).append(b).build();
    }
    if (left instanceof ListValue a && right instanceof ListValue b) {
      return new ListValue(joined(budget, a.items(), b.items()));
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return new Tuple(joined(budget, a.items(), b.items()));
    }
    return null;
  }

  private static List<Value> joined(Budget budget, List<Value> left, List<Value> right) {
    budget.elements((long) left.size() + right.size());
    List<Value> items = new ArrayList<>(left.size() + right.size());
    items.addAll(left);
    items.addAll(right);
    return items;
  }

  private static @Nullable Value repeat(Budget budget, Value value, @Nullable BigInteger wanted) {
    if (wanted == null) {
      return null;
    }
    int times = Math.max(0, Numbers.clamp(wanted));
    return switch (value) {
      case Text text -> new TextBuilder(budget).repeat(text, times).build();
      case ListValue list -> new ListValue(repeated(budget, list.items(), times));
      case Tuple tuple -> new Tuple(repeated(budget, tuple.items(), times));
      default -> null;
    };
  }

  private static List<Value> repeated(Budget budget, List<Value> items, int times) {
    budget.elements((long) items.size() * times);
    List<Value> all = new ArrayList<>(items.size() * times);
    for (int i = 0; i < times && !items.isEmpty(); i++) {
      all.addAll(items);
    }
    return all;
  }
}
