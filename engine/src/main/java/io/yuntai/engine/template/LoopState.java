package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code loop} tells inside a loop. */
final class LoopState {
  private final List<Value> items;
  private final int depth;
  private int index;
  private @Nullable Value lastChanged;

  LoopState(List<Value> items, int depth) {
    this.items = items;
    this.depth = depth;
  }

  void moveTo(int newIndex) {
    index = newIndex;
  }

  /** The variable {@code loop}; calling it runs the loop over other items, if it is recursive. */
  Function asValue(Function.Body recurse) {
    Function cycle = new Function("cycle", (evaluator, arguments) -> cycle(arguments));
    Function changed = new Function("changed", this::changed);
    return new Function(
        "loop",
        recurse,
        name ->
            switch (name) {
              case "index" -> Int.of(index + 1L);
              case "index0" -> Int.of(index);
              case "revindex" -> Int.of((long) items.size() - index);
              case "revindex0" -> Int.of(items.size() - index - 1L);
              case "first" -> Bool.of(index == 0);
              case "last" -> Bool.of(index == items.size() - 1);
              case "length" -> Int.of(items.size());
              case "previtem" -> neighbour(index - 1, "previous");
              case "nextitem" -> neighbour(index + 1, "next");
              case "depth" -> Int.of(depth + 1L);
              case "depth0" -> Int.of(depth);
              case "cycle" -> cycle;
              case "changed" -> changed;
              default -> null;
            });
  }

  private Value neighbour(int at, String which) {
    return at >= 0 && at < items.size()
        ? items.get(at)
        : new Undefined("there is no %s item".formatted(which));
  }

  private Value cycle(Arguments arguments) {
    List<Value> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw new RenderFailure("loop.cycle() needs at least one value");
    }
    return choices.get(index % choices.size());
  }

  private Value changed(Evaluator evaluator, Arguments arguments) {
    Value now = new ListValue(arguments.positional());
    boolean changed = lastChanged == null || !evaluator.comparisons().equal(lastChanged, now);
    lastChanged = now;
    return Bool.of(changed);
  }
}
