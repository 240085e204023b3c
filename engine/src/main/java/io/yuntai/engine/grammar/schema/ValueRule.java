package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.Expr;
import java.util.ArrayList;
import java.util.List;

/** Any value of a set. */
record ValueRule(ValueSet set, PropertyOrder order) implements Expr.Rule {
  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Expr body() {
    List<Expr> choices = new ArrayList<>();
    for (ValueSet.Alternative alternative : set.alternatives) {
      if (Productivity.isProductive(alternative)) {
        choices.add(expr(alternative, order));
      }
    }
    return Expr.choice(choices);
  }

  /** The values of one type. */
  static Expr expr(ValueSet.Alternative alternative, PropertyOrder order) {
    return switch (alternative) {
      case ValueSet.Listed(List<JsonValue> values) -> JsonExprs.listed(values);
      case ValueSet.Constants(List<JsonValue> values) -> JsonExprs.listed(values);
      case ValueSet.Strings(Dfa texts) -> JsonExprs.string(texts);
      case ValueSet.Numbers(Dfa spellings) -> Expr.text(spellings, Expr.Encoding.RAW);
      case ValueSet.Arrays arrays ->
          Expr.sequence(Expr.literal("["), new ArrayRule(arrays, order, 0, 0, 0));
      case ValueSet.Objects objects ->
          Expr.sequence(Expr.literal("{"), ObjectRule.start(objects, order));
    };
  }
}
