package io.yuntai.server.gateway;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.schema.MemberTypes;
import java.util.Map;

/**
 * What an answer is held to, and what its reader must know of that.
 *
 * @param grammar all that may be written
 * @param tools tools that may be called by their names, with the types of their arguments
 */
record HeldAnswer(Grammar grammar, Map<String, MemberTypes> tools) {
  /** Copies the map. */
  HeldAnswer {
    tools = Map.copyOf(tools);
  }
}
