package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.DictView;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Methods of dictionaries, lists and tuples; those that would change them are refused. */
final class ContainerMethods {
  private static final Set<String> CHANGING_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> CHANGING_LIST =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private ContainerMethods() {}

  static @Nullable Value find(Dict self, String name) {
    if (CHANGING_DICT.contains(name)) {
      return refused("dict", name);
    }
    return switch (name) {
      case "items" -> view(self, name, DictView.Part.ITEMS);
      case "keys" -> view(self, name, DictView.Part.KEYS);
      case "values" -> view(self, name, DictView.Part.VALUES);
      case "get" -> new Function(name, (e, arguments) -> get(self, arguments));
      case "copy" -> new Function(name, (e, arguments) -> self);
      default -> null;
    };
  }

  private static Value refused(String type, String name) {
    return new Undefined(
        "'%s' would change a '%s' object, which templates may not; use namespace or +"
            .formatted(name, type));
  }

  private static Value view(Dict self, String name, DictView.Part part) {
    return new Function(
        name,
        (e, arguments) -> {
          arguments.bind(name);
          return new DictView(part, self);
        });
  }

  private static Value get(Dict self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    Value value = self.get(bound.get(0));
    return value == null ? bound.get(1, None.NONE) : value;
  }

  static @Nullable Value find(ListValue self, String name) {
    if (CHANGING_LIST.contains(name)) {
      return refused("list", name);
    }
    return name.equals("copy")
        ? new Function(name, (e, arguments) -> self)
        : sequence(self.items(), name);
  }

  static @Nullable Value find(Tuple self, String name) {
    return sequence(self.items(), name);
  }

  private static @Nullable Value sequence(List<Value> items, String name) {
    return switch (name) {
      case "count" -> new Function(name, (e, arguments) -> count(e, items, arguments));
      case "index" -> new Function(name, (e, arguments) -> index(e, items, arguments));
      default -> null;
    };
  }

  private static Value count(Evaluator evaluator, List<Value> items, Arguments arguments) {
    Value wanted = arguments.bind("count", "value").get(0);
    long hits = 0;
    for (Value item : items) {
      evaluator.budget().step();
      if (evaluator.comparisons().equal(item, wanted)) {
        hits++;
      }
    }
    return Int.of(hits);
  }

  private static Value index(Evaluator evaluator, List<Value> items, Arguments arguments) {
    Value wanted = arguments.bind("index", "value").get(0);
    for (int i = 0; i < items.size(); i++) {
      evaluator.budget().step();
      if (evaluator.comparisons().equal(items.get(i), wanted)) {
        return Int.of(i);
      }
    }
    throw new RenderFailure("the value looked for is not in the list");
  }
}
