package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters that choose, order or change elements one by one. */
final class SelectingFilters {
  private SelectingFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("dictsort", SelectingFilters::dictSort);
    filters.put("groupby", SelectingFilters::groupBy);
    filters.put("map", SelectingFilters::map);
    filters.put("max", (e, v, a) -> extreme(e, v, a, "max"));
    filters.put("min", (e, v, a) -> extreme(e, v, a, "min"));
    filters.put("reject", (e, v, a) -> select(e, v, a, false, false));
    filters.put("rejectattr", (e, v, a) -> select(e, v, a, true, false));
    filters.put("select", (e, v, a) -> select(e, v, a, false, true));
    filters.put("selectattr", (e, v, a) -> select(e, v, a, true, true));
    filters.put("sort", SelectingFilters::sort);
    filters.put("unique", SelectingFilters::unique);
  }

  private static Value map(Evaluator e, Value value, Arguments arguments) {
    List<Value> items = Types.elements(e.budget(), value);
    if (arguments.positional().isEmpty()) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      Attributes attributes = Attributes.of(e, bound.get(0)).otherwise(bound.find(1));
      return SequenceFilters.stream(attributes.all(items));
    }
    String name = Texts.require("map", arguments.positional().getFirst()).chars;
    Arguments rest = arguments.after(1);
    e.budget().elements(items.size());
    List<Value> mapped = new ArrayList<>(items.size());
    for (Value item : items) {
      e.budget().step();
      mapped.add(e.filter(name, item, rest));
    }
    return SequenceFilters.stream(mapped);
  }

  private static Value select(
      Evaluator e, Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
    Attributes attributes = Attributes.self(e);
    Arguments rest = arguments;
    if (byAttribute) {
      if (arguments.positional().isEmpty()) {
        throw new RenderFailure("selectattr and rejectattr need an attribute's name");
      }
      attributes = Attributes.of(e, arguments.positional().getFirst());
      rest = arguments.after(1);
    }
    boolean tested = !rest.positional().isEmpty();
    String name = tested ? Texts.require("select", rest.positional().getFirst()).chars : "";
    Arguments testArguments = tested ? rest.after(1) : rest;
    List<Value> chosen = new ArrayList<>();
    for (Value item : Types.elements(e.budget(), value)) {
      Value subject = attributes.get(item);
      boolean holds = tested ? e.test(name, subject, testArguments) : Types.isTrue(subject);
      if (holds == wanted) {
        e.budget().elements(1);
        chosen.add(item);
      }
    }
    return SequenceFilters.stream(chosen);
  }

  /** Sorts a copy by what an attribute gives; equal ones stay in order, reversed or not. */
  private static List<Value> sorted(
      Evaluator e, List<Value> items, Attributes attributes, boolean reverse) {
    record Keyed(Value key, Value item) {}
    e.budget().elements(2L * items.size());
    List<Keyed> keyed = new ArrayList<>(items.size());
    for (Value item : items) {
      keyed.add(new Keyed(attributes.get(item), item));
    }
    keyed.sort((a, b) -> {
      e.budget().step();
      return reverse
          ? e.comparisons().order(b.key(), a.key())
          : e.comparisons().order(a.key(), b.key());
    });
    List<Value> result = new ArrayList<>(items.size());
    for (Keyed each : keyed) {
      result.add(each.item());
    }
    return result;
  }

  private static Attributes attributes(Evaluator e, Arguments.Bound bound, int index) {
    Value attribute = bound.findSome(index);
    return attribute == null ? Attributes.self(e) : Attributes.of(e, attribute);
  }

  private static Value sort(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    List<Value> items = Types.elements(e.budget(), value);
    List<Value> result = items;
    boolean ignoreCase = !bound.flag(1, false);
    Value attribute = bound.findSome(2);
    if (attribute instanceof Text names && names.chars.contains(",")) {
      // Several keys: sort by the last first, since sorting keeps the order of equals.
      List<Value> keys = Texts.split(e.budget(), names, Text.ofTemplate(","), -1, false);
      for (Value key : keys.reversed()) {
        Attributes by = Attributes.of(e, key).ignoringCase(ignoreCase);
        result = sorted(e, result, by, bound.flag(0, false));
      }
      return new ListValue(result);
    }
    Attributes by = attributes(e, bound, 2).ignoringCase(ignoreCase);
    return new ListValue(sorted(e, items, by, bound.flag(0, false)));
  }

  private static Value dictSort(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    if (!(value instanceof Dict dict)) {
      Texts.refuseUndefined(value);
      throw new RenderFailure("dictsort needs a mapping, not '%s'".formatted(Types.name(value)));
    }
    String by = Texts.require("dictsort", bound.get(1, Text.ofTemplate("key"))).chars;
    if (!by.equals("key") && !by.equals("value")) {
      throw new RenderFailure("dictsort sorts by 'key' or 'value'");
    }
    Value index = Value.Int.of(by.equals("key") ? 0 : 1);
    List<Value> pairs =
        Types.elements(e.budget(), new Value.DictView(Value.DictView.Part.ITEMS, dict));
    Attributes attribute = Attributes.of(e, index).ignoringCase(!bound.flag(0, false));
    return new ListValue(sorted(e, pairs, attribute, bound.flag(2, false)));
  }

  private static Value unique(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    Attributes by = attributes(e, bound, 1).ignoringCase(!bound.flag(0, false));
    Set<Object> seen = new HashSet<>();
    List<Value> chosen = new ArrayList<>();
    for (Value item : Types.elements(e.budget(), value)) {
      if (seen.add(Dict.keyOf(by.get(item)))) {
        e.budget().elements(1);
        chosen.add(item);
      }
    }
    return SequenceFilters.stream(chosen);
  }

  private static Value extreme(Evaluator e, Value value, Arguments arguments, String which) {
    Arguments.Bound bound = arguments.bind(which, "case_sensitive", "attribute");
    Attributes by = attributes(e, bound, 1).ignoringCase(!bound.flag(0, false));
    Value best = null;
    for (Value item : Types.elements(e.budget(), value)) {
      if (best == null) {
        best = item;
        continue;
      }
      int order = e.comparisons().order(by.get(item), by.get(best));
      if (which.equals("max") ? order > 0 : order < 0) {
        best = item;
      }
    }
    return best == null ? new Undefined("no aggregated item, sequence was empty") : best;
  }

  private static Value groupBy(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    boolean ignoreCase = !bound.flag(2, false);
    Attributes plain = Attributes.of(e, bound.get(0)).otherwise(bound.find(1));
    Attributes by = plain.ignoringCase(ignoreCase);
    List<Value> groups = new ArrayList<>();
    List<Value> group = new ArrayList<>();
    Value key = null;
    for (Value item : sorted(e, Types.elements(e.budget(), value), by, false)) {
      Value itemKey = by.get(item);
      if (key != null && !e.comparisons().equal(key, itemKey)) {
        groups.add(close(plain, group));
        group = new ArrayList<>();
      }
      key = itemKey;
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(close(plain, group));
    }
    return new ListValue(groups);
  }

  private static Tuple close(Attributes plain, List<Value> group) {
    return SequenceFilters.group(plain.get(group.getFirst()), group);
  }
}
