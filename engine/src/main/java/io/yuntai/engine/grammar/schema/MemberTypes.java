package io.yuntai.engine.grammar.schema;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which types the members of an object may have, by their names. Immutable. {@link
 * JsonType#INTEGER} is none of them: integers are numbers.
 */
public final class MemberTypes {
  /** Any value for any name. */
  public static final MemberTypes ANY =
      new MemberTypes(Map.of(), EnumSet.complementOf(EnumSet.of(JsonType.INTEGER)));

  private final Map<String, Set<JsonType>> named;
  private final Set<JsonType> others;

  /**
   * @param named of names that the schema knows
   * @param others of all other names
   */
  MemberTypes(Map<String, EnumSet<JsonType>> named, EnumSet<JsonType> others) {
    this.named = new HashMap<>();
    named.forEach((name, types) -> this.named.put(name, Collections.unmodifiableSet(types)));
    this.others = Collections.unmodifiableSet(others);
  }

  /** The types of this member; none where it may not be there. */
  public Set<JsonType> of(String name) {
    return named.getOrDefault(name, others);
  }

  /** The types of members of all names that the schema doesn't know. */
  Set<JsonType> others() {
    return others;
  }

  /** Names that the schema knows. */
  Set<String> names() {
    return named.keySet();
  }

  /** Those of some object, under any of the ways to satisfy a schema. */
  static MemberTypes of(Iterable<ValueSet.Objects> ways) {
    Map<String, EnumSet<JsonType>> named = new HashMap<>();
    EnumSet<JsonType> others = EnumSet.noneOf(JsonType.class);
    for (ValueSet.Objects way : ways) {
      for (ValueSet.Named member : way.named()) {
        named
            .computeIfAbsent(member.name(), _ -> EnumSet.noneOf(JsonType.class))
            .addAll(types(member.value()));
      }
      way.others().forEach(other -> others.addAll(types(other.value())));
    }
    return new MemberTypes(named, others);
  }

  private static EnumSet<JsonType> types(ValueSet values) {
    EnumSet<JsonType> types = EnumSet.noneOf(JsonType.class);
    for (ValueSet.Alternative alternative : values.alternatives) {
      if (Productivity.isProductive(alternative)) {
        switch (alternative) {
          case ValueSet.Listed listed -> listed.values().forEach(each -> types.add(type(each)));
          case ValueSet.Constants constants ->
              constants.values().forEach(each -> types.add(type(each)));
          case ValueSet.Strings _ -> types.add(JsonType.STRING);
          case ValueSet.Numbers _ -> types.add(JsonType.NUMBER);
          case ValueSet.Arrays _ -> types.add(JsonType.ARRAY);
          case ValueSet.Objects _ -> types.add(JsonType.OBJECT);
        }
      }
    }
    return types;
  }

  private static JsonType type(JsonValue value) {
    return switch (value) {
      case JsonValue.JsonNull _ -> JsonType.NULL;
      case JsonValue.JsonBoolean _ -> JsonType.BOOLEAN;
      case JsonValue.JsonNumber _ -> JsonType.NUMBER;
      case JsonValue.JsonText _ -> JsonType.STRING;
      case JsonValue.JsonArray _ -> JsonType.ARRAY;
      case JsonValue.JsonObject _ -> JsonType.OBJECT;
    };
  }
}
