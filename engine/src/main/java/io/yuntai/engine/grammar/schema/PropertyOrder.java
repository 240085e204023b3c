package io.yuntai.engine.grammar.schema;

/** In which order an object's properties are written. */
public enum PropertyOrder {
  /** As the schema names them, then those that it does not name. */
  SCHEMA,
  /** In any. */
  ANY
}
