package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that satisfy all of some places of a schema. One object for each set of places; {@link
 * SchemaCompiler} fills it, then it does not change.
 */
final class ValueSet {
  /** The places, in the order of their numbers. */
  final List<SchemaNode> nodes;

  /** Whose union the values are. */
  final List<Alternative> alternatives = new ArrayList<>();

  /** Whether there is any finite value. */
  boolean productive;

  ValueSet(List<SchemaNode> nodes) {
    this.nodes = nodes;
  }

  /** Some of the values, by type. */
  sealed interface Alternative {}

  /** Exactly these, as {@code enum} lists them; at least one. */
  record Listed(List<JsonValue> values) implements Alternative {}

  /** Null, true, false: those that are allowed. */
  record Constants(List<JsonValue> values) implements Alternative {}

  /** Strings. */
  record Strings(Dfa texts) implements Alternative {}

  /** Numbers by their spellings. */
  record Numbers(Dfa spellings) implements Alternative {}

  /**
   * Arrays; compared by identity, for rules are made of them again and again.
   *
   * @param prefix what the first items are
   * @param rest what the further ones are
   * @param min fewest items
   * @param max most items, or -1
   * @param contained for each of {@code prefix} and then for {@code rest}: items there that count;
   *     empty where nothing must be contained
   * @param minContained how many must count
   * @param unique the values of which no two items may be equal; empty where that is not asked
   */
  record Arrays(
      List<ValueSet> prefix,
      ValueSet rest,
      int min,
      int max,
      List<ValueSet> contained,
      int minContained,
      List<JsonValue> unique)
      implements Alternative {
    ValueSet item(int index) {
      return index < prefix.size() ? prefix.get(index) : rest;
    }

    ValueSet counting(int index) {
      return contained.get(Math.min(index, prefix.size()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * Objects; compared by identity.
   *
   * @param named properties by name, in the schema's order; those that can't be there are left out
   * @param others further properties, by disjoint sets of names
   * @param min fewest properties
   * @param max most properties, or -1
   */
  record Objects(List<Named> named, List<Others> others, int min, int max) implements Alternative {
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * A property.
   *
   * @param name its name
   * @param value its values
   * @param required whether it must be there
   * @param requires names that must be there where it is
   */
  record Named(String name, ValueSet value, boolean required, Set<String> requires) {}

  /** Properties of any name of a set. */
  record Others(Dfa names, ValueSet value) {}
}
