package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.Expr;
import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Members between tags, for one way to satisfy a schema. All expressions are made beforehand, so
 * that what can't be written is known in time. Compared by identity.
 */
final class TaggedSpelling implements MemberSpelling {
  private static final String NAME = "[^<>\\r\\n]{1,64}";

  /** Names that members may have. */
  static final Pattern WRITABLE = Pattern.compile(NAME);

  /** What reads as a value of each type but a string; blanks around it don't count. */
  private static final Map<JsonType, String> READ_AS =
      Map.of(
          JsonType.NULL, "null|None",
          JsonType.BOOLEAN, "true|false|True|False",
          JsonType.NUMBER, "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
          JsonType.ARRAY, "\\[[\\s\\S]*",
          JsonType.OBJECT, "\\{[\\s\\S]*");

  private final MemberTags tags;
  private final Map<String, Expr> named = new HashMap<>();
  private final Map<ValueSet.Others, Expr> others = new HashMap<>();
  private final Map<Set<JsonType>, Dfa> plain = new HashMap<>();

  private TaggedSpelling(MemberTags tags) {
    this.tags = tags;
  }

  /**
   * The spelling of an object's members.
   *
   * @param types of the members under all ways
   * @throws GrammarException for a name, or for values, that can't be written between the tags
   */
  static TaggedSpelling of(ValueSet.Objects objects, MemberTypes types, MemberTags tags)
      throws GrammarException {
    TaggedSpelling spelling = new TaggedSpelling(tags);
    for (ValueSet.Named member : objects.named()) {
      if (member.value().productive) {
        String name = member.name();
        if (!TaggedObject.canName(name)) {
          throw unwritable(name, "its name has line breaks, '<' or '>', or over 64 characters");
        }
        Expr value = spelling.value(member.value(), types.of(name));
        if (value.equals(Expr.NOTHING)) {
          throw unwritable(name, "all its strings would be read as other values");
        }
        spelling.named.put(name, spelling.member(Expr.literal(name), value));
      }
    }
    for (ValueSet.Others members : objects.others()) {
      if (members.value().productive) {
        // A name that the schema knows elsewhere may have other types there.
        Dfa names = members.names().and(Dfa.matching(NAME)).minus(Dfa.anyOf(types.names()));
        Expr value = spelling.value(members.value(), types.others());
        Expr member = spelling.member(Expr.text(names, Expr.Encoding.RAW), value);
        if (member.equals(Expr.NOTHING) && objects.min() > 0) {
          throw unwritable("*", "its name or its values can't stand between tags");
        }
        spelling.others.put(members, member);
      }
    }
    return spelling;
  }

  private static GrammarException unwritable(String name, String why) {
    return new GrammarException(
        "/properties/" + name, "this model's calls can't have the argument: " + why);
  }

  private Expr member(Expr name, Expr value) {
    return Expr.sequence(
        Expr.literal(tags.beforeName()),
        name,
        Expr.literal(tags.afterName()),
        value,
        Expr.literal(tags.beforeEnd() + tags.end() + tags.between()));
  }

  /** Values, told from each other by the types that are possible. */
  private Expr value(ValueSet values, Set<JsonType> types) throws GrammarException {
    List<Expr> choices = new ArrayList<>();
    for (ValueSet.Alternative alternative : values.alternatives) {
      if (Productivity.isProductive(alternative)) {
        switch (alternative) {
          case ValueSet.Strings(Dfa texts) -> choices.add(strings(texts, types));
          case ValueSet.Listed(List<JsonValue> listed) -> addListed(choices, listed, types);
          case ValueSet.Constants(List<JsonValue> constants) -> addConstants(choices, constants);
          default -> choices.add(ValueRule.expr(alternative, PropertyOrder.SCHEMA));
        }
      }
    }
    return Expr.choice(choices);
  }

  private void addListed(List<Expr> choices, List<JsonValue> listed, Set<JsonType> types)
      throws GrammarException {
    List<String> texts = new ArrayList<>();
    List<JsonValue> others = new ArrayList<>();
    for (JsonValue value : listed) {
      if (value instanceof JsonValue.JsonText(String text)) {
        texts.add(text);
      } else {
        others.add(value);
      }
    }
    choices.add(texts.isEmpty() ? Expr.NOTHING : strings(Dfa.anyOf(texts), types));
    choices.add(others.isEmpty() ? Expr.NOTHING : JsonExprs.listed(others));
  }

  /** As JSON writes them and as Python does, which is what templates show to models. */
  private static void addConstants(List<Expr> choices, List<JsonValue> constants) {
    List<String> words = new ArrayList<>();
    for (JsonValue constant : constants) {
      words.addAll(
          switch (constant) {
            case JsonValue.JsonBoolean(boolean flag) ->
                flag ? List.of("true", "True") : List.of("false", "False");
            default -> List.of("null", "None");
          });
    }
    choices.add(Expr.words(words));
  }

  private Expr strings(Dfa texts, Set<JsonType> types) throws GrammarException {
    return Expr.text(texts.and(plain(types)), Expr.Encoding.RAW);
  }

  /** Texts that are read as strings. */
  private Dfa plain(Set<JsonType> types) throws GrammarException {
    Dfa known = plain.get(types);
    if (known == null) {
      known = Dfa.ANYTHING.minus(Dfa.containing(quoted(tags.end())));
      for (JsonType type : types) {
        if (READ_AS.containsKey(type)) {
          known =
              known.minus(
                  Dfa.matching("[ \\t\\r\\n]*(?:%s)[ \\t\\r\\n]*".formatted(READ_AS.get(type))));
        }
      }
      plain.put(Set.copyOf(types), known);
    }
    return known;
  }

  /** A text as a regular expression. */
  private static String quoted(String text) {
    return text.replaceAll("[\\^$.*+?()\\[\\]{}|\\\\]", "\\\\$0");
  }

  @Override
  public Expr named(ValueSet.Named member) {
    return named.getOrDefault(member.name(), Expr.NOTHING);
  }

  @Override
  public Expr other(ValueSet.Others members) {
    return others.getOrDefault(members, Expr.NOTHING);
  }

  @Override
  public Expr rest(boolean first, boolean ends, List<Expr> more) {
    List<Expr> choices = new ArrayList<>(more);
    choices.add(ends ? Expr.literal(tags.close()) : Expr.NOTHING);
    return Expr.choice(choices);
  }
}
