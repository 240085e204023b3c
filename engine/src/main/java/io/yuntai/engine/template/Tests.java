package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Range;
import io.yuntai.engine.template.Value.Real;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Jinja's tests: what can follow {@code is}. */
final class Tests {
  /** A test. */
  interface Test {
    boolean holds(Evaluator evaluator, Value value, Arguments arguments);
  }

  private static final Map<String, Test> TESTS = new HashMap<>();

  static {
    plain("boolean", v -> v instanceof Bool);
    plain("callable", v -> v instanceof Function);
    plain("defined", v -> !(v instanceof Undefined));
    plain("undefined", v -> v instanceof Undefined);
    plain("none", v -> v == None.NONE);
    plain("true", v -> v == Bool.TRUE);
    plain("false", v -> v == Bool.FALSE);
    plain("integer", v -> v instanceof Int);
    plain("float", v -> v instanceof Real);
    plain("number", Numbers::isNumber);
    plain("string", v -> v instanceof Text);
    plain("mapping", v -> v instanceof Dict);
    plain("iterable", Types::isIterable);
    plain("sequence", Tests::isSequence);
    plain("escaped", v -> false);
    plain("even", v -> !isOdd(v));
    plain("odd", Tests::isOdd);
    TESTS.put("lower", (e, v, a) -> isCase(e, v, true));
    TESTS.put("upper", (e, v, a) -> isCase(e, v, false));
    TESTS.put("filter", (e, v, a) -> v instanceof Text name && Filters.exists(name.chars));
    TESTS.put("test", (e, v, a) -> v instanceof Text name && TESTS.containsKey(name.chars));
    TESTS.put(
        "divisibleby",
        (e, v, a) -> !Types.isTrue(Numbers.operate("%", v, a.bind("divisibleby", "num").get(0))));
    TESTS.put("sameas", (e, v, a) -> same(e, v, a.bind("sameas", "other").get(0)));
    comparison("==", "eq", "equalto", "==");
    comparison("!=", "ne", "!=");
    comparison(">", "gt", "greaterthan", ">");
    comparison(">=", "ge", ">=");
    comparison("<", "lt", "lessthan", "<");
    comparison("<=", "le", "<=");
    comparison("in", "in");
  }

  private Tests() {}

  /**
   * @throws RenderFailure for an unknown name
   */
  static Test find(String name) {
    Test test = TESTS.get(name);
    if (test == null) {
      throw new RenderFailure("there is no test named '%s'".formatted(name));
    }
    return test;
  }

  private static void plain(String name, Predicate<Value> predicate) {
    TESTS.put(
        name,
        (evaluator, value, arguments) -> {
          arguments.bind(name);
          return predicate.test(value);
        });
  }

  private static void comparison(String operator, String... names) {
    for (String name : names) {
      TESTS.put(
          name,
          (evaluator, value, arguments) ->
              evaluator
                  .comparisons()
                  .compare(operator, value, arguments.bind(name, "other").get(0)));
    }
  }

  private static boolean isSequence(Value value) {
    return value instanceof Text
        || value instanceof ListValue
        || value instanceof Tuple
        || value instanceof Dict
        || value instanceof Range
        || value instanceof Undefined;
  }

  private static boolean isOdd(Value value) {
    Texts.refuseUndefined(value);
    BigInteger integer = Numbers.integer(value);
    return integer == null ? Math.abs(Numbers.real(value) % 2) == 1 : integer.testBit(0);
  }

  private static boolean isCase(Evaluator evaluator, Value value, boolean lower) {
    String text = Printer.str(evaluator.budget(), value).chars;
    String other = lower ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
    String same = lower ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
    return text.equals(same) && !same.equals(other);
  }

  /** Python's identity, for the values where a template can rely on it. */
  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  private static boolean same(Evaluator evaluator, Value left, Value right) {
    return switch (left) {
      case Bool bool -> bool == right;
      case None none -> right == None.NONE;
      case Int number -> number.equals(right);
      case Text text -> evaluator.comparisons().equal(text, right);
      default -> left == right;
    };
  }
}
