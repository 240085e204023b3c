package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.GrammarException;

/** Further places that a schema implies; each is told of by the place that it was made for. */
final class SchemaNodes {
  private static final int FIRST = 1_000_000;
  private static final int MAX_MADE = 50_000;

  private int made;

  /** A place without keywords. */
  SchemaNode made(SchemaNode origin) {
    return new SchemaNode(origin.pointer, FIRST + made++);
  }

  /** A place that everything satisfies. */
  SchemaNode anything(SchemaNode origin) {
    SchemaNode node = made(origin);
    node.always = true;
    return node;
  }

  /** A place that nothing satisfies. */
  SchemaNode nothing(SchemaNode origin) {
    SchemaNode node = made(origin);
    node.always = false;
    return node;
  }

  /** Holds the bound on what is made. */
  void check() throws GrammarException {
    if (made > MAX_MADE) {
      throw new GrammarException(
          "",
          "the schema implies more than %,d further schemas; make it simpler".formatted(MAX_MADE));
    }
  }
}
