package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import java.util.Map;

/**
 * JSON Schema 2020-12 to grammars. Which keywords are held, and which spellings of a value are
 * generated, {@code docs/structured-output.md} says.
 */
public final class JsonSchemas {
  private JsonSchemas() {}

  /**
   * The JSON texts that satisfy a schema.
   *
   * @param schema an object or a boolean
   * @param order in which order properties are written
   * @throws GrammarException with a JSON Pointer as its place: for a schema that is wrong, uses a
   *     keyword that is not supported, is too large, or that no value satisfies
   */
  public static Grammar compile(JsonValue schema, PropertyOrder order) throws GrammarException {
    ValueSet values = new SchemaCompiler().compile(SchemaReader.read(schema));
    if (!values.productive) {
      throw new GrammarException("", "no value satisfies the schema");
    }
    return Grammar.of(new ValueRule(values, order));
  }

  /** Any JSON object. */
  public static Grammar anyObject() {
    try {
      return compile(
          new JsonValue.JsonObject(Map.of("type", new JsonValue.JsonText("object"))),
          PropertyOrder.SCHEMA);
    } catch (GrammarException e) {
      throw new IllegalStateException(e);
    }
  }
}
