package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Expr;
import java.util.List;

/** How the members of an object are written. */
interface MemberSpelling {
  /** A member whose name the schema knows. */
  Expr named(ValueSet.Named member);

  /** A member of any other name of a set. */
  Expr other(ValueSet.Others members);

  /**
   * The rest of an object.
   *
   * @param first whether nothing stands in it yet
   * @param ends whether it may end here
   * @param more any of what may come next
   */
  Expr rest(boolean first, boolean ends, List<Expr> more);

  /** As JSON has it, with values in the same order of their members. */
  record Json(PropertyOrder order) implements MemberSpelling {
    @Override
    public Expr named(ValueSet.Named member) {
      return Expr.sequence(
          Expr.literal(JsonExprs.quoted(member.name()) + ":"),
          JsonExprs.SPACE,
          new ValueRule(member.value(), order));
    }

    @Override
    public Expr other(ValueSet.Others members) {
      return Expr.sequence(
          JsonExprs.string(members.names()),
          Expr.literal(":"),
          JsonExprs.SPACE,
          new ValueRule(members.value(), order));
    }

    @Override
    public Expr rest(boolean first, boolean ends, List<Expr> more) {
      return JsonExprs.rest(first, ends ? Expr.literal("}") : Expr.NOTHING, more);
    }
  }
}
