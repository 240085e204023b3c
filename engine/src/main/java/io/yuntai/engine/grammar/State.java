package io.yuntai.engine.grammar;

import org.jspecify.annotations.Nullable;

/**
 * A place in a language over bytes: what may still follow. Never a dead end. Equal ones are the
 * same object as long as {@link StateSpace} remembers them.
 */
abstract sealed class State {
  /** Orders the members of a {@link OneOf}. */
  final int id;

  /** Whether the text may end here. */
  final boolean complete;

  /** Where each byte leads once it was asked; {@link StateSpace#DEAD_END} for nowhere. */
  @Nullable State @Nullable [] next;

  /** The whole mask, where it is kept. */
  long @Nullable [] mask;

  /** How often the mask was asked for. */
  int masked;

  private State(int id, boolean complete) {
    this.id = id;
    this.complete = complete;
  }

  /** Nothing follows: the end of the text, or (incomplete) the dead end. */
  static final class Nothing extends State {
    Nothing(int id, boolean complete) {
      super(id, complete);
    }
  }

  /** A leaf that is not {@link Leaf#DONE}, then the rest. */
  static final class Within extends State {
    final Leaf leaf;
    final State rest;

    Within(int id, Leaf leaf, State rest) {
      super(id, leaf.accepting && rest.complete);
      this.leaf = leaf;
      this.rest = rest;
    }
  }

  /** A rule, then the rest; stands for another state that is made when it is needed. */
  static final class Call extends State {
    final Expr.Rule rule;
    final State rest;
    @Nullable State meaning;

    Call(int id, Expr.Rule rule, State rest) {
      super(id, rule.nullable() && rest.complete);
      this.rule = rule;
      this.rest = rest;
    }
  }

  /** Any of several. */
  static final class OneOf extends State {
    final State[] choices;

    OneOf(int id, State[] choices) {
      super(id, anyComplete(choices));
      this.choices = choices;
    }

    private static boolean anyComplete(State[] choices) {
      for (State choice : choices) {
        if (choice.complete) {
          return true;
        }
      }
      return false;
    }
  }
}
