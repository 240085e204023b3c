package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Namespace;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Range;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that every template can call: Jinja's and those that transformers adds. */
final class Globals {
  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "range", new Function("range", Globals::range),
          "dict", new Function("dict", Globals::dict),
          "namespace", new Function("namespace", Globals::namespace),
          "joiner", new Function("joiner", Globals::joiner),
          "cycler", new Function("cycler", Globals::cycler),
          "raise_exception", new Function("raise_exception", Globals::raise),
          "strftime_now", new Function("strftime_now", Globals::now));

  private Globals() {}

  static @Nullable Value find(String name) {
    return FUNCTIONS.get(name);
  }

  private static Value range(Evaluator evaluator, Arguments arguments) {
    List<Value> bounds = arguments.positional();
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw new RenderFailure("range() takes one to three integers");
    }
    long first = Numbers.index("range()", bounds.get(0));
    long start = bounds.size() == 1 ? 0 : first;
    long stop = bounds.size() == 1 ? first : Numbers.index("range()", bounds.get(1));
    long step = bounds.size() == 3 ? Numbers.index("range()", bounds.get(2)) : 1;
    if (step == 0) {
      throw new RenderFailure("range() needs a step other than 0");
    }
    long span = step > 0 ? stop - start : start - stop;
    if ((span - 1) / Math.abs(step) + 1 > Range.MAX_LENGTH) {
      throw new RenderFailure("a range of more than %,d numbers".formatted(Range.MAX_LENGTH));
    }
    return new Range(start, stop, step);
  }

  private static Value dict(Evaluator evaluator, Arguments arguments) {
    Dict dict = new Dict();
    fill(evaluator, arguments, dict);
    return dict;
  }

  private static void fill(Evaluator evaluator, Arguments arguments, Dict dict) {
    if (arguments.positional().size() > 1) {
      throw new RenderFailure("dict() takes one mapping and named values");
    }
    for (Value source : arguments.positional()) {
      if (source instanceof Dict other) {
        evaluator.budget().elements(other.size());
        other.entries().forEach(entry -> dict.put(entry.key(), entry.value()));
        continue;
      }
      for (Value pair : Types.elements(evaluator.budget(), source)) {
        List<Value> parts = Types.elements(evaluator.budget(), pair);
        if (parts.size() != 2) {
          throw new RenderFailure("dict() needs pairs, not %d values".formatted(parts.size()));
        }
        evaluator.budget().elements(1);
        dict.put(parts.get(0), parts.get(1));
      }
    }
    arguments.named().forEach((name, value) -> dict.put(Text.ofTemplate(name), value));
  }

  private static Value namespace(Evaluator evaluator, Arguments arguments) {
    Dict members = new Dict();
    fill(evaluator, arguments, members);
    Namespace namespace = new Namespace();
    for (Dict.Entry entry : members.entries()) {
      namespace.members().put(Texts.require("namespace()", entry.key()).chars, entry.value());
    }
    return namespace;
  }

  private static Value joiner(Evaluator evaluator, Arguments arguments) {
    Value separator = arguments.bind("joiner()", "sep").get(0, Text.ofTemplate(", "));
    boolean[] used = new boolean[1];
    return new Function(
        "joiner",
        (e, none) -> {
          Value result = used[0] ? separator : Text.EMPTY;
          used[0] = true;
          return result;
        });
  }

  private static Value cycler(Evaluator evaluator, Arguments arguments) {
    List<Value> items = arguments.positional();
    if (items.isEmpty()) {
      throw new RenderFailure("cycler() needs at least one value");
    }
    int[] at = new int[1];
    Function next =
        new Function(
            "next",
            (e, none) -> {
              Value item = items.get(at[0]);
              at[0] = (at[0] + 1) % items.size();
              return item;
            });
    Function reset =
        new Function(
            "reset",
            (e, none) -> {
              at[0] = 0;
              return None.NONE;
            });
    return new Function(
        "cycler",
        (e, none) -> {
          throw new RenderFailure("'Cycler' object is not callable");
        },
        name ->
            switch (name) {
              case "next" -> next;
              case "reset" -> reset;
              case "current" -> items.get(at[0]);
              default -> null;
            });
  }

  private static Value raise(Evaluator evaluator, Arguments arguments) {
    Value message = arguments.bind("raise_exception()", "message").get(0);
    throw new RenderFailure(Printer.str(evaluator.budget(), message).chars, true);
  }

  private static Value now(Evaluator evaluator, Arguments arguments) {
    Text format = arguments.bind("strftime_now()", "format").text(0);
    return Dates.format(evaluator, format);
  }
}
