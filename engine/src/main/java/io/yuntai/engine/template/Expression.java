package io.yuntai.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed expression. */
sealed interface Expression {
  /** A literal. */
  record Constant(Value value) implements Expression {}

  /** A variable. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> items) implements Expression {}

  /** {@code (a, b)}. */
  record TupleOf(List<Expression> items) implements Expression {}

  /** {@code {a: b}}. */
  record DictOf(List<Pair> pairs) implements Expression {}

  /** A key and a value of a dictionary literal. */
  record Pair(Expression key, Expression value) {}

  /** {@code target.name}. */
  record Attribute(Expression target, String name) implements Expression {}

  /** {@code target[index]}. */
  record Item(Expression target, Expression index) implements Expression {}

  /** {@code target[start:stop:step]}. */
  record Slice(
      Expression target,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  /** {@code callee(arguments)}. */
  record Call(Expression callee, CallArguments arguments) implements Expression {}

  /** {@code input | name(arguments)}. */
  record Filtered(Expression input, String name, CallArguments arguments) implements Expression {}

  /** {@code input is name(arguments)}. */
  record Tested(Expression input, String name, CallArguments arguments) implements Expression {}

  /** The text of a block that filters are applied to. */
  record BlockText() implements Expression {}

  /** {@code not a}. */
  record Not(Expression operand) implements Expression {}

  /** {@code -a}, or {@code +a}. */
  record Signed(boolean negative, Expression operand) implements Expression {}

  /** {@code a and b and c}, or with {@code or}: the first that decides, as it is. */
  record Logical(boolean and, List<Expression> operands) implements Expression {}

  /** {@code a + b - c} and the like, from the left. */
  record Arithmetic(Expression first, List<Operation> rest) implements Expression {}

  /** {@code a < b <= c}: all of them hold. */
  record Comparison(Expression first, List<Operation> rest) implements Expression {}

  /** An operator and what stands right of it. */
  record Operation(String operator, Expression operand) {}

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> parts) implements Expression {}

  /** {@code then if test else otherwise}. */
  record Conditional(Expression test, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  /**
   * Arguments as written.
   *
   * @param positional by position
   * @param named by name
   * @param star after {@code *}
   * @param doubleStar after {@code **}
   */
  record CallArguments(
      List<Expression> positional,
      Map<String, Expression> named,
      @Nullable Expression star,
      @Nullable Expression doubleStar) {
    static final CallArguments NONE = new CallArguments(List.of(), Map.of(), null, null);
  }
}
