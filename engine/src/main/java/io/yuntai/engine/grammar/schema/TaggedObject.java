package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Expr;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects whose members stand between tags: strings as they are, other values as JSON.
 *
 * <p>Such a text does not say which of the two a value is, so the schema must. Invariant: a value
 * that reads as one of the types that its member may have, other than a string, is that; every
 * other is a string. The grammar writes no string that would be read as anything else.
 *
 * @param grammar all members and what follows the last
 * @param types what a reader must know to tell strings from other values
 */
public record TaggedObject(Grammar grammar, MemberTypes types) {
  /**
   * The objects that satisfy a schema.
   *
   * @param schema an object or a boolean; values other than objects are left out
   * @throws GrammarException as {@link JsonSchemas#compile}, and for a member that can't be written
   *     between tags
   */
  public static TaggedObject compile(JsonValue schema, MemberTags tags) throws GrammarException {
    ValueSet values = new SchemaCompiler().compile(SchemaReader.read(schema));
    List<ValueSet.Objects> ways = new ArrayList<>();
    for (ValueSet.Alternative alternative : values.alternatives) {
      if (alternative instanceof ValueSet.Listed) {
        throw new GrammarException(
            "", "this model's calls can't be held to objects that 'enum' or 'const' lists");
      }
      if (alternative instanceof ValueSet.Objects way && Productivity.isProductive(way)) {
        ways.add(way);
      }
    }
    MemberTypes types = MemberTypes.of(ways);
    List<Expr> choices = new ArrayList<>();
    for (ValueSet.Objects way : ways) {
      TaggedSpelling spelling = TaggedSpelling.of(way, types, tags);
      choices.add(ObjectRule.start(way, PropertyOrder.SCHEMA, spelling));
    }
    return new TaggedObject(Grammar.of(Expr.choice(choices)), types);
  }

  /** Whether a member of this name can be written. */
  public static boolean canName(String name) {
    return TaggedSpelling.WRITABLE.matcher(name).matches();
  }
}
