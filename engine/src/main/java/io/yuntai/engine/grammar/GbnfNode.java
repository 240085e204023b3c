package io.yuntai.engine.grammar;

import java.util.List;

/** A GBNF grammar as it is written. */
sealed interface GbnfNode {
  /** Exactly this text; may be empty. */
  record Literal(String text) implements GbnfNode {}

  /** One character of a set. */
  record Chars(CodePoints set) implements GbnfNode {}

  /** What a rule says. */
  record Reference(String name, int line) implements GbnfNode {}

  /** One after the other. */
  record Sequence(List<GbnfNode> parts) implements GbnfNode {}

  /** Any of these. */
  record Choice(List<GbnfNode> choices) implements GbnfNode {}

  /** {@code min} to {@code max} times; -1 for no upper bound. */
  record Repeat(GbnfNode part, int min, int max) implements GbnfNode {}
}
