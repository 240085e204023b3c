package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * The rest of an array, from its opening bracket or an item on.
 *
 * @param arrays what is allowed
 * @param index how many items there are; beyond what matters, it stands still
 * @param contained how many of them count as contained, up to what is asked
 * @param used which of the unique values are there, a bit for each
 */
record ArrayRule(ValueSet.Arrays arrays, PropertyOrder order, int index, int contained, long used)
    implements Expr.Rule {
  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Expr body() {
    List<Expr> more = new ArrayList<>();
    if (arrays.max() < 0 || index < arrays.max()) {
      if (arrays.unique().isEmpty()) {
        addItems(more);
      } else {
        addUnique(more);
      }
    }
    boolean ends = index >= arrays.min() && contained >= arrays.minContained();
    return JsonExprs.rest(index == 0, ends ? Expr.literal("]") : Expr.NOTHING, more);
  }

  private void addItems(List<Expr> more) {
    ArrayRule next = with(contained, 0);
    if (arrays.item(index).productive && next.canEnd()) {
      more.add(Expr.sequence(new ValueRule(arrays.item(index), order), next));
    }
    if (contained < arrays.minContained()) {
      ArrayRule counting = with(contained + 1, 0);
      if (arrays.counting(index).productive && counting.canEnd()) {
        more.add(Expr.sequence(new ValueRule(arrays.counting(index), order), counting));
      }
    }
  }

  private void addUnique(List<Expr> more) {
    for (int i = 0; i < arrays.unique().size(); i++) {
      if ((used >> i & 1) == 0) {
        more.add(
            Expr.sequence(
                JsonExprs.listed(List.of(arrays.unique().get(i))), with(0, used | 1L << i)));
      }
    }
  }

  private ArrayRule with(int newContained, long newUsed) {
    int matters =
        Math.max(1, Math.max(arrays.prefix().size(), Math.max(arrays.min(), arrays.max())));
    return new ArrayRule(arrays, order, Math.min(index + 1, matters), newContained, newUsed);
  }

  /** Whether the array can be brought to an end with the values known to exist. */
  boolean canEnd() {
    int missing = arrays.minContained() - contained;
    if (!arrays.unique().isEmpty()) {
      return index + arrays.unique().size() - Long.bitCount(used) >= arrays.min();
    }
    int prefix = arrays.prefix().size();
    int reach = index;
    while (reach < prefix && arrays.item(reach).productive) {
      reach++;
    }
    boolean unbounded = reach >= prefix && arrays.rest().productive;
    int most = arrays.max() < 0 ? Integer.MAX_VALUE : arrays.max();
    int end = unbounded ? most : Math.min(reach, most);
    if (end < arrays.min()) {
      return false;
    }
    for (int i = index; i < Math.min(end, prefix) && missing > 0; i++) {
      missing -= arrays.counting(i).productive ? 1 : 0;
    }
    int further = Math.max(0, end - Math.max(index, prefix));
    return missing <= 0 || (arrays.counting(prefix).productive && further >= missing);
  }
}
