package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.DictView;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Stream;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters over lists and dictionaries as a whole. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("attr", (e, v, a) -> attribute(v, a.bind("attr", "name").text(0).chars));
    filters.put("batch", SequenceFilters::batch);
    filters.put("count", SequenceFilters::length);
    filters.put("d", SequenceFilters::defaultTo);
    filters.put("default", SequenceFilters::defaultTo);
    filters.put("first", SequenceFilters::first);
    filters.put("items", SequenceFilters::items);
    filters.put("join", SequenceFilters::join);
    filters.put("last", SequenceFilters::last);
    filters.put("length", SequenceFilters::length);
    filters.put("list", (e, v, a) -> new ListValue(new ArrayList<>(Types.elements(e.budget(), v))));
    filters.put("reverse", SequenceFilters::reverse);
    filters.put("slice", SequenceFilters::slices);
    filters.put("sum", SequenceFilters::sum);
  }

  private static Value attribute(Value value, String name) {
    Value found = Access.attribute(value, name);
    // Unlike the dot, this filter does not look for an item.
    return value instanceof Dict dict && found.equals(dict.get(name))
        ? new Undefined("'dict object' has no attribute '%s'".formatted(name))
        : found;
  }

  static Stream stream(List<Value> items) {
    return new Stream(items.iterator());
  }

  private static Value defaultTo(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.flag(1, false) && !Types.isTrue(value));
    return missing ? bound.get(0, Text.EMPTY) : value;
  }

  private static Value first(Evaluator e, Value value, Arguments arguments) {
    if (value instanceof Stream stream) {
      return stream.rest().hasNext() ? stream.rest().next() : none("first");
    }
    if (value instanceof Text text && !text.isEmpty()) {
      return text.substring(0, text.offset(1));
    }
    List<Value> items = Types.elements(e.budget(), value);
    return items.isEmpty() ? none("first") : items.getFirst();
  }

  private static Value last(Evaluator e, Value value, Arguments arguments) {
    if (Types.length(value) < 0) {
      throw new RenderFailure("'%s' object is not reversible".formatted(Types.name(value)));
    }
    if (value instanceof Text text && !text.isEmpty()) {
      return text.substring(text.chars.offsetByCodePoints(text.length(), -1));
    }
    List<Value> items = Types.elements(e.budget(), value);
    return items.isEmpty() ? none("last") : items.getLast();
  }

  private static Value none(String which) {
    return new Undefined("no %s item, sequence was empty".formatted(which));
  }

  private static Value length(Evaluator e, Value value, Arguments arguments) {
    int length = Types.length(value);
    if (length < 0) {
      throw new RenderFailure("object of type '%s' has no len()".formatted(Types.name(value)));
    }
    return Int.of(length);
  }

  private static Value items(Evaluator e, Value value, Arguments arguments) {
    return switch (value) {
      case Undefined undefined -> stream(List.of());
      case Dict dict -> stream(Types.elements(e.budget(), new DictView(DictView.Part.ITEMS, dict)));
      default -> throw new RenderFailure("can only get item pairs from a mapping");
    };
  }

  private static Value join(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    Text separator = Printer.str(e.budget(), bound.get(0, Text.EMPTY));
    List<Value> parts = Types.elements(e.budget(), value);
    Value attribute = bound.findSome(1);
    if (attribute != null) {
      parts = Attributes.of(e, attribute).all(parts);
    }
    return Texts.join(e.budget(), separator, parts);
  }

  private static Value reverse(Evaluator e, Value value, Arguments arguments) {
    if (value instanceof Text text) {
      List<Value> parts = Types.elements(e.budget(), text);
      return Texts.join(e.budget(), Text.EMPTY, parts.reversed());
    }
    return stream(Types.elements(e.budget(), value).reversed());
  }

  private static Value sum(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    List<Value> items = Types.elements(e.budget(), value);
    Value attribute = bound.findSome(0);
    if (attribute != null) {
      items = Attributes.of(e, attribute).all(items);
    }
    Value sum = bound.get(1, Int.of(0));
    if (sum instanceof Text) {
      throw new RenderFailure("sum cannot add strings; use join");
    }
    for (Value item : items) {
      e.budget().step();
      sum = Operators.apply(e, "+", sum, item);
    }
    return sum;
  }

  private static Value batch(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = Numbers.index("batch", bound.get(0));
    if (size < 1) {
      throw new RenderFailure("batch needs a size of at least 1");
    }
    Value fill = bound.get(1, None.NONE);
    List<Value> items = Types.elements(e.budget(), value);
    List<Value> rows = new ArrayList<>();
    for (int i = 0; i < items.size(); i += size) {
      int end = (int) Math.min((long) i + size, items.size());
      List<Value> row = new ArrayList<>(items.subList(i, end));
      if (fill != None.NONE) {
        e.budget().elements(size);
        while (row.size() < size) {
          row.add(fill);
        }
      }
      e.budget().elements(row.size());
      rows.add(new ListValue(row));
      if (end == items.size()) {
        break;
      }
    }
    return stream(rows);
  }

  private static Value slices(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    int slices = Numbers.index("slice", bound.get(0));
    if (slices < 1) {
      throw new RenderFailure("slice needs at least 1 slice");
    }
    Value fill = bound.get(1, None.NONE);
    List<Value> items = Types.elements(e.budget(), value);
    e.budget().elements((long) slices + items.size());
    int size = items.size() / slices;
    int longer = items.size() % slices;
    List<Value> rows = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < slices; i++) {
      int end = at + size + (i < longer ? 1 : 0);
      List<Value> row = new ArrayList<>(items.subList(at, end));
      if (fill != None.NONE && i >= longer) {
        row.add(fill);
      }
      rows.add(new ListValue(row));
      at = end;
    }
    return stream(rows);
  }

  /** A group of {@code groupby}: a pair whose halves have names. */
  static Tuple group(Value key, List<Value> items) {
    return new Tuple(List.of(key, new ListValue(items)), List.of("grouper", "list"));
  }
}
