package io.yuntai.engine.template;

import io.yuntai.engine.template.Expression.Arithmetic;
import io.yuntai.engine.template.Expression.Attribute;
import io.yuntai.engine.template.Expression.BlockText;
import io.yuntai.engine.template.Expression.Call;
import io.yuntai.engine.template.Expression.CallArguments;
import io.yuntai.engine.template.Expression.Comparison;
import io.yuntai.engine.template.Expression.Concatenation;
import io.yuntai.engine.template.Expression.Conditional;
import io.yuntai.engine.template.Expression.Constant;
import io.yuntai.engine.template.Expression.DictOf;
import io.yuntai.engine.template.Expression.Filtered;
import io.yuntai.engine.template.Expression.Item;
import io.yuntai.engine.template.Expression.ListOf;
import io.yuntai.engine.template.Expression.Logical;
import io.yuntai.engine.template.Expression.Name;
import io.yuntai.engine.template.Expression.Not;
import io.yuntai.engine.template.Expression.Operation;
import io.yuntai.engine.template.Expression.Pair;
import io.yuntai.engine.template.Expression.Signed;
import io.yuntai.engine.template.Expression.Slice;
import io.yuntai.engine.template.Expression.Tested;
import io.yuntai.engine.template.Expression.TupleOf;
import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions for one rendering. */
final class Evaluator {
  /** The name under which a filtered block's text stands in its scope; no template can say it. */
  static final String BLOCK_TEXT = "";

  private final Budget budget;
  private final Comparisons comparisons;
  private final Clock clock;

  Evaluator(Budget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
    comparisons = new Comparisons(budget);
  }

  Budget budget() {
    return budget;
  }

  Comparisons comparisons() {
    return comparisons;
  }

  Clock clock() {
    return clock;
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    Value value =
        switch (expression) {
          case Constant constant -> constant.value();
          case Name name -> variable(name.name(), scope);
          case ListOf list -> new ListValue(all(list.items(), scope));
          case TupleOf tuple -> new Tuple(all(tuple.items(), scope));
          case DictOf dict -> dict(dict, scope);
          case Attribute attribute ->
              Access.attribute(evaluate(attribute.target(), scope), attribute.name());
          case Item item ->
              Access.item(budget, evaluate(item.target(), scope), evaluate(item.index(), scope));
          case Slice slice -> slice(slice, scope);
          case Call call -> call(call, scope, null);
          case Filtered filtered -> filtered(filtered, scope);
          case Tested tested -> tested(tested, scope);
          case BlockText text -> variable(BLOCK_TEXT, scope);
          case Not not -> Bool.of(!Types.isTrue(evaluate(not.operand(), scope)));
          case Signed signed -> signed(signed, scope);
          case Logical logical -> logical(logical, scope);
          case Arithmetic arithmetic -> arithmetic(arithmetic, scope);
          case Comparison comparison -> comparison(comparison, scope);
          case Concatenation concatenation -> concatenation(concatenation, scope);
          case Conditional conditional -> conditional(conditional, scope);
        };
    budget.leave();
    return value;
  }

  private static Value variable(String name, Scope scope) {
    Value value = scope.find(name);
    if (value == null) {
      value = Globals.find(name);
    }
    return value == null ? new Undefined("'%s' is undefined".formatted(name)) : value;
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    budget.elements(expressions.size());
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value dict(DictOf literal, Scope scope) {
    budget.elements(literal.pairs().size());
    Dict dict = new Dict();
    for (Pair pair : literal.pairs()) {
      dict.put(evaluate(pair.key(), scope), evaluate(pair.value(), scope));
    }
    return dict;
  }

  private Value slice(Slice slice, Scope scope) {
    Value target = evaluate(slice.target(), scope);
    return Access.slice(
        budget,
        target,
        bound(slice.start(), scope),
        bound(slice.stop(), scope),
        bound(slice.step(), scope));
  }

  private @Nullable Integer bound(@Nullable Expression expression, Scope scope) {
    if (expression == null) {
      return null;
    }
    Value value = evaluate(expression, scope);
    return value == None.NONE ? null : (Integer) Numbers.index("a slice", value);
  }

  /** Evaluates a call, with {@code caller} as a further argument where there is one. */
  Value call(Call call, Scope scope, @Nullable Function caller) {
    Value callee = evaluate(call.callee(), scope);
    Arguments arguments = arguments(call.arguments(), scope);
    if (caller != null) {
      Map<String, Value> named = new LinkedHashMap<>(arguments.named());
      named.put("caller", caller);
      arguments = new Arguments(arguments.positional(), named);
    }
    return call(callee, arguments);
  }

  Value call(Value callee, Arguments arguments) {
    if (callee instanceof Function function) {
      return made(function.body().call(this, arguments));
    }
    Texts.refuseUndefined(callee);
    throw new RenderFailure("'%s' object is not callable".formatted(Types.name(callee)));
  }

  Arguments arguments(CallArguments written, Scope scope) {
    List<Value> positional = all(written.positional(), scope);
    if (written.star() != null) {
      positional.addAll(Types.elements(budget, evaluate(written.star(), scope)));
    }
    Map<String, Value> named = new LinkedHashMap<>();
    written.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    if (written.doubleStar() != null) {
      if (!(evaluate(written.doubleStar(), scope) instanceof Dict dict)) {
        throw new RenderFailure("the argument after ** must be a mapping");
      }
      for (Dict.Entry entry : dict.entries()) {
        if (named.put(Texts.require("**", entry.key()).chars, entry.value()) != null) {
          throw new RenderFailure("argument '%s' is given twice".formatted(entry.key()));
        }
      }
    }
    return new Arguments(positional, named);
  }

  /** Counts a text that a function made. */
  private Value made(Value value) {
    if (value instanceof Text text) {
      budget.characters(text.length());
      budget.work(text.length());
    }
    return value;
  }

  private Value filtered(Filtered filtered, Scope scope) {
    Value input = evaluate(filtered.input(), scope);
    return filter(filtered.name(), input, arguments(filtered.arguments(), scope));
  }

  /** Applies a filter. */
  Value filter(String name, Value input, Arguments arguments) {
    if (input instanceof Text text) {
      budget.work(text.length());
    }
    return made(Filters.find(name).apply(this, input, arguments));
  }

  private Value tested(Tested tested, Scope scope) {
    Value input = evaluate(tested.input(), scope);
    return Bool.of(test(tested.name(), input, arguments(tested.arguments(), scope)));
  }

  /** Applies a test. */
  boolean test(String name, Value input, Arguments arguments) {
    if (input instanceof Text text) {
      budget.work(text.length());
    }
    return Tests.find(name).holds(this, input, arguments);
  }

  private Value signed(Signed signed, Scope scope) {
    Value operand = evaluate(signed.operand(), scope);
    if (!Numbers.isNumber(operand)) {
      Texts.refuseUndefined(operand);
      throw new RenderFailure("bad operand type for a sign: '%s'".formatted(Types.name(operand)));
    }
    Value negated = Numbers.negate(operand);
    return signed.negative() ? negated : Numbers.negate(negated);
  }

  private Value logical(Logical logical, Scope scope) {
    Value value = Bool.of(logical.and());
    for (Expression operand : logical.operands()) {
      value = evaluate(operand, scope);
      if (Types.isTrue(value) != logical.and()) {
        break;
      }
    }
    return value;
  }

  private Value arithmetic(Arithmetic arithmetic, Scope scope) {
    Value value = evaluate(arithmetic.first(), scope);
    for (Operation operation : arithmetic.rest()) {
      Value right = evaluate(operation.operand(), scope);
      value = Operators.apply(this, operation.operator(), value, right);
    }
    return value;
  }

  private Value comparison(Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Operation operation : comparison.rest()) {
      Value right = evaluate(operation.operand(), scope);
      if (!comparisons.compare(operation.operator(), left, right)) {
        return Bool.FALSE;
      }
      left = right;
    }
    return Bool.TRUE;
  }

  private Value concatenation(Concatenation concatenation, Scope scope) {
    List<Value> parts = new ArrayList<>(concatenation.parts().size());
    for (Expression part : concatenation.parts()) {
      parts.add(evaluate(part, scope));
    }
    return Texts.join(budget, Text.EMPTY, parts);
  }

  private Value conditional(Conditional conditional, Scope scope) {
    if (Types.isTrue(evaluate(conditional.test(), scope))) {
      return evaluate(conditional.then(), scope);
    }
    Expression otherwise = conditional.otherwise();
    return otherwise == null
        ? new Undefined("an inline 'if' without 'else' is false here")
        : evaluate(otherwise, scope);
  }
}
