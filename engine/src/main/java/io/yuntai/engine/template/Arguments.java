package io.yuntai.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call.
 *
 * @param positional by position
 * @param named by name
 */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** These arguments without the first {@code count} positional ones. */
  Arguments after(int count) {
    return new Arguments(positional.subList(count, positional.size()), named);
  }

  /**
   * Matches the arguments with parameters, as Python does.
   *
   * @param function its name, for messages
   * @param parameters their names in order
   * @throws RenderFailure for one too many, one twice or an unknown name
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new RenderFailure(
          "%s() takes at most %d arguments but got %d"
              .formatted(function, parameters.length, positional.size()));
    }
    @Nullable Value[] values = new @Nullable Value[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    named.forEach((name, value) -> {
      int index = List.of(parameters).indexOf(name);
      if (index < 0) {
        throw new RenderFailure("%s() has no argument '%s'".formatted(function, name));
      }
      if (values[index] != null) {
        throw new RenderFailure("%s() got argument '%s' twice".formatted(function, name));
      }
      values[index] = value;
    });
    return new Bound(function, parameters, values);
  }

  /** Arguments matched with their parameters. */
  static final class Bound {
    private final String function;
    private final String[] parameters;
    private final @Nullable Value[] values;

    private Bound(String function, String[] parameters, @Nullable Value[] values) {
      this.function = function;
      this.parameters = parameters;
      this.values = values;
    }

    /** An argument, or null where it was not given. */
    @Nullable Value find(int index) {
      return values[index];
    }

    /** An argument, or null where it was not given or is {@code None}. */
    @Nullable Value findSome(int index) {
      return values[index] == Value.None.NONE ? null : values[index];
    }

    Value get(int index) {
      Value value = values[index];
      if (value == null) {
        throw new RenderFailure(
            "%s() needs its argument '%s'".formatted(function, parameters[index]));
      }
      return value;
    }

    Value get(int index, Value otherwise) {
      Value value = values[index];
      return value == null ? otherwise : value;
    }

    Text text(int index) {
      return Texts.require(function, get(index));
    }

    boolean flag(int index, boolean otherwise) {
      Value value = values[index];
      return value == null ? otherwise : Types.isTrue(value);
    }

    int number(int index, int otherwise) {
      Value value = values[index];
      return value == null ? otherwise : Numbers.index(function, value);
    }
  }
}
