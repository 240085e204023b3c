package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Namespace;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Range;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attributes, items and slices, as Jinja looks them up: {@code a.b} is the attribute and else the
 * item; {@code a['b']} the item and else the attribute.
 */
final class Access {
  private Access() {}

  static Value attribute(Value target, String name) {
    Texts.refuseUndefined(target);
    Value member = member(target, name);
    if (member == null && target instanceof Dict dict) {
      member = dict.get(name);
    }
    return member == null ? missing(target, "attribute '%s'".formatted(name)) : member;
  }

  /** A method or member, or null. */
  private static @Nullable Value member(Value target, String name) {
    return switch (target) {
      case Text text -> TextMethods.find(text, name);
      case Dict dict -> ContainerMethods.find(dict, name);
      case ListValue list -> ContainerMethods.find(list, name);
      case Tuple tuple -> {
        int index = tuple.names().indexOf(name);
        yield index < 0 ? ContainerMethods.find(tuple, name) : tuple.items().get(index);
      }
      case Namespace namespace -> namespace.members().get(name);
      case Function function -> function.members().get(name);
      default -> null;
    };
  }

  static Value item(Budget budget, Value target, Value index) {
    Texts.refuseUndefined(target);
    if (target instanceof Text text) {
      budget.work(text.length());
    }
    Value item = null;
    if (target instanceof Dict dict) {
      item = dict.get(index);
    } else if (target instanceof Namespace namespace && index instanceof Text name) {
      item = namespace.members().get(name.chars);
    } else {
      BigInteger at = Numbers.integer(index);
      if (at != null) {
        item = at(target, at);
      }
    }
    if (item == null && index instanceof Text name) {
      item = member(target, name.chars);
    }
    return item == null ? missing(target, "element " + Printer.repr(budget, index).chars) : item;
  }

  private static @Nullable Value at(Value target, BigInteger wanted) {
    int length = target instanceof Undefined ? -1 : Types.length(target);
    int at = Numbers.clamp(wanted);
    if (at < 0) {
      at += Math.max(length, 0);
    }
    if (at < 0 || at >= length) {
      return null;
    }
    return switch (target) {
      case ListValue list -> list.items().get(at);
      case Tuple tuple -> tuple.items().get(at);
      case Range range -> range.get(at);
      case Text text -> {
        int start = text.offset(at);
        yield text.substring(start, start + Character.charCount(text.chars.codePointAt(start)));
      }
      default -> null;
    };
  }

  private static Value missing(Value target, String what) {
    String type = target == None.NONE ? "None" : Types.name(target) + " object";
    return new Undefined("'%s' has no %s".formatted(type, what));
  }

  static Value slice(
      Budget budget,
      Value target,
      @Nullable Integer start,
      @Nullable Integer stop,
      @Nullable Integer step) {
    int stride = step == null ? 1 : step;
    if (stride == 0) {
      throw new RenderFailure("a slice's step cannot be 0");
    }
    Texts.refuseUndefined(target);
    if (target instanceof Text text) {
      budget.work(text.length());
    }
    int length = Types.length(target);
    boolean forward = stride > 0;
    int first = start == null ? forward ? 0 : length - 1 : clip(start, length, forward);
    int end = stop == null ? forward ? length : -1 : clip(stop, length, forward);
    return switch (target) {
      case Text text when stride == 1 ->
          first >= end ? Text.EMPTY : text.substring(text.offset(first), text.offset(end));
      case Text text -> {
        TextBuilder out = new TextBuilder(budget);
        for (Value part : picked(budget, Types.elements(budget, text), first, end, stride)) {
          out.append((Text) part);
        }
        yield out.build();
      }
      case ListValue list -> new ListValue(picked(budget, list.items(), first, end, stride));
      case Tuple tuple -> new Tuple(picked(budget, tuple.items(), first, end, stride));
      case Range range ->
          new Range(
              range.start() + first * range.step(),
              range.start() + end * range.step(),
              range.step() * stride);
      default -> missing(target, "slices");
    };
  }

  /** A bound as Python clips it to {@code 0..length}, or {@code -1..length-1} when going back. */
  private static int clip(int bound, int length, boolean forward) {
    long at = bound < 0 ? (long) bound + length : bound;
    return (int) Math.max(forward ? 0 : -1, Math.min(at, forward ? length : length - 1));
  }

  private static List<Value> picked(
      Budget budget, List<Value> items, int first, int end, int stride) {
    List<Value> picked = new ArrayList<>();
    for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
      budget.elements(1);
      picked.add(items.get((int) i));
    }
    return picked;
  }
}
