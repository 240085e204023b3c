package io.yuntai.engine.grammar.schema;

import java.util.Collection;
import java.util.List;

/**
 * Which sets have a finite value: grown from those that need no others until nothing changes. A
 * schema of which every value contains another of its own has none.
 */
final class Productivity {
  private Productivity() {}

  static void mark(Collection<ValueSet> sets) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (ValueSet set : sets) {
        if (!set.productive && set.alternatives.stream().anyMatch(Productivity::isProductive)) {
          set.productive = true;
          changed = true;
        }
      }
    }
  }

  /** Whether there is a value with what is known to be productive. */
  static boolean isProductive(ValueSet.Alternative alternative) {
    return switch (alternative) {
      case ValueSet.Listed _, ValueSet.Constants _ -> true;
      case ValueSet.Strings strings -> !strings.texts().isEmpty();
      case ValueSet.Numbers numbers -> !numbers.spellings().isEmpty();
      case ValueSet.Arrays arrays -> new ArrayRule(arrays, PropertyOrder.ANY, 0, 0, 0).canEnd();
      case ValueSet.Objects objects -> ObjectRule.start(objects, PropertyOrder.ANY).canEnd();
    };
  }

  static boolean any(List<ValueSet.Others> others) {
    return others.stream().anyMatch(other -> other.value().productive);
  }
}
