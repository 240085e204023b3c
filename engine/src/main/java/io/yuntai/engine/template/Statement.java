package io.yuntai.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed part of a template; {@code line} counts from 1. */
sealed interface Statement {
  /** Text as it stands. */
  record Data(Text text) implements Statement {}

  /** {@code {{ value }}}. */
  record Output(int line, Expression value) implements Statement {}

  /** {@code {% if %}} with its {@code elif} branches in order. */
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  /** One condition and what it guards. */
  record Branch(int line, Expression test, List<Statement> body) {}

  /** {@code {% for target in items if filter recursive %}}. */
  record For(
      int line,
      Target target,
      Expression items,
      @Nullable Expression filter,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /** {@code {% break %}}. */
  record Break() implements Statement {}

  /** {@code {% continue %}}. */
  record Continue() implements Statement {}

  /** {@code {% set target = value %}}. */
  record Set(int line, Target target, Expression value) implements Statement {}

  /**
   * {@code {% set target | filters %}}: the filters stand around an {@link Expression.BlockText}.
   */
  record SetBlock(int line, Target target, Expression value, List<Statement> body)
      implements Statement {}

  /** {@code {% filter filters %}}. */
  record FilterBlock(int line, Expression value, List<Statement> body) implements Statement {}

  /** {@code {% with a = b %}}. */
  record With(int line, List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {}

  /** {@code {% generation %}}: its body, in a scope of its own. */
  record Generation(List<Statement> body) implements Statement {}

  /** {@code {% macro name(parameters) %}}. */
  record Macro(int line, String name, Signature signature, List<Statement> body)
      implements Statement {}

  /** {@code {% call(parameters) macro(arguments) %}}: the body is what {@code caller()} gives. */
  record CallBlock(int line, Signature signature, Expression.Call call, List<Statement> body)
      implements Statement {}

  /**
   * Parameters of a macro.
   *
   * @param names in order
   * @param defaults of some of the last
   * @param takesMore whether the body reads {@code varargs}
   * @param takesNamed whether the body reads {@code kwargs}
   * @param takesCaller whether the body reads {@code caller}
   */
  record Signature(
      List<String> names,
      Map<String, Expression> defaults,
      boolean takesMore,
      boolean takesNamed,
      boolean takesCaller) {}

  /** What is assigned to. */
  sealed interface Target {
    /** A variable. */
    record Variable(String name) implements Target {}

    /** A namespace's member. */
    record Member(String namespace, String name) implements Target {}

    /** Several at once. */
    record Several(List<Target> targets) implements Target {}
  }
}
