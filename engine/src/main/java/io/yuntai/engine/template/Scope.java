package io.yuntai.engine.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of one block, seen over those around it. */
final class Scope {
  private final @Nullable Scope around;
  private final Map<String, Value> variables = new HashMap<>(4);

  Scope(@Nullable Scope around) {
    this.around = around;
  }

  void define(String name, Value value) {
    variables.put(name, value);
  }

  @Nullable Value find(String name) {
    for (Scope scope = this; scope != null; scope = scope.around) {
      Value value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
