package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.DictView;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Range;
import io.yuntai.engine.template.Value.Stream;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's equality, order and membership. */
final class Comparisons {
  private final Budget budget;

  Comparisons(Budget budget) {
    this.budget = budget;
  }

  /** One of {@code == != < <= > >= in notin}. */
  boolean compare(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "notin" -> !contains(right, left);
      default -> ordered(operator, left, right);
    };
  }

  private boolean ordered(String operator, Value left, Value right) {
    if (isNaN(left) || isNaN(right)) {
      return false;
    }
    int order = order(operator, left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean isNaN(Value value) {
    return value instanceof Value.Real real && Double.isNaN(real.value());
  }

  boolean equal(Value left, Value right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return !isNaN(left) && !isNaN(right) && numbers(left, right) == 0;
    }
    if (left instanceof Text text) {
      budget.work(text.length());
      return right instanceof Text other && text.chars.equals(other.chars);
    }
    budget.enter();
    boolean equal = compound(left, right);
    budget.leave();
    return equal;
  }

  private boolean compound(Value left, Value right) {
    return switch (left) {
      case ListValue list -> right instanceof ListValue other && all(list.items(), other.items());
      case Tuple tuple -> right instanceof Tuple other && all(tuple.items(), other.items());
      case Dict dict -> right instanceof Dict other && dicts(dict, other);
      case Undefined undefined -> right instanceof Undefined;
      case Range range -> right instanceof Range other && ranges(range, other);
      case DictView view -> right instanceof DictView other && views(view, other);
      default -> left.equals(right);
    };
  }

  private boolean all(List<Value> left, List<Value> right) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<Value> others = right.iterator();
    for (Value item : left) {
      if (!equal(item, others.next())) {
        return false;
      }
    }
    return true;
  }

  private boolean dicts(Dict left, Dict right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Dict.Entry entry : left.entries()) {
      Value other = right.get(entry.key());
      if (other == null || !equal(entry.value(), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean ranges(Range left, Range right) {
    int length = left.length();
    return length == right.length()
        && (length == 0 || left.start() == right.start())
        && (length < 2 || left.step() == right.step());
  }

  private boolean views(DictView left, DictView right) {
    if (left.part() == DictView.Part.VALUES || left.part() != right.part()) {
      return left.equals(right);
    }
    if (left.part() == DictView.Part.ITEMS) {
      return dicts(left.dict(), right.dict());
    }
    return left.dict().size() == right.dict().size()
        && left.dict().entries().stream().allMatch(e -> right.dict().contains(e.key()));
  }

  /** Negative, zero or positive, as for {@link java.util.Comparator}; for sorting. */
  int order(Value left, Value right) {
    return order("<", left, right);
  }

  private int order(String operator, Value left, Value right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return numbers(left, right);
    }
    if (left instanceof Text a && right instanceof Text b) {
      budget.work(a.length());
      return texts(a.chars, b.chars);
    }
    if (left instanceof ListValue a && right instanceof ListValue b) {
      return sequences(operator, a.items(), b.items());
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return sequences(operator, a.items(), b.items());
    }
    Texts.refuseUndefined(left, right);
    throw new RenderFailure(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Types.name(left), Types.name(right)));
  }

  private static int numbers(Value left, Value right) {
    BigInteger a = Numbers.integer(left);
    BigInteger b = Numbers.integer(right);
    if (a != null && b != null) {
      return a.compareTo(b);
    }
    if ((a == null && b == null) || !isFinite(left) || !isFinite(right)) {
      double x = a == null ? Numbers.real(left) : 0;
      double y = b == null ? Numbers.real(right) : 0;
      return x < y ? -1 : x > y ? 1 : 0;
    }
    return exact(left, a).compareTo(exact(right, b));
  }

  private static boolean isFinite(Value value) {
    return !(value instanceof Value.Real real) || Double.isFinite(real.value());
  }

  private static BigDecimal exact(Value value, @Nullable BigInteger integer) {
    return integer == null ? new BigDecimal(Numbers.real(value)) : new BigDecimal(integer);
  }

  /** By code points, as Python does; UTF-16 order differs for surrogates. */
  private static int texts(String left, String right) {
    int end = Math.min(left.length(), right.length());
    for (int i = 0; i < end; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean aHigh = Character.isSurrogate(a);
        boolean bHigh = Character.isSurrogate(b);
        return aHigh == bHigh ? Character.compare(a, b) : aHigh ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private int sequences(String operator, List<Value> left, List<Value> right) {
    budget.enter();
    Iterator<Value> others = right.iterator();
    int order = Integer.compare(left.size(), right.size());
    for (Value item : left) {
      if (!others.hasNext()) {
        break;
      }
      Value other = others.next();
      if (!equal(item, other)) {
        order = order(operator, item, other);
        break;
      }
    }
    budget.leave();
    return order;
  }

  /** {@code item in container}. */
  boolean contains(Value container, Value item) {
    return switch (container) {
      case Text text -> {
        if (item instanceof Text part) {
          budget.work(text.length());
          yield text.chars.contains(part.chars);
        }
        Texts.refuseUndefined(item);
        throw new RenderFailure(
            "'in <string>' requires string as left operand, not " + Types.name(item));
      }
      case Dict dict -> dict.contains(item);
      case DictView view when view.part() == DictView.Part.KEYS -> view.dict().contains(item);
      case Stream stream -> {
        boolean found = false;
        while (!found && stream.rest().hasNext()) {
          budget.step();
          found = equal(stream.rest().next(), item);
        }
        yield found;
      }
      default -> {
        if (!Types.isIterable(container)) {
          throw new RenderFailure(
              "argument of type '%s' is not iterable".formatted(Types.name(container)));
        }
        for (Value element : Types.elements(budget, container)) {
          budget.step();
          if (equal(element, item)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
