package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Expr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The rest of an object, from its opening brace or a property on.
 *
 * @param objects what is allowed
 * @param order in which order
 * @param spelling how members are written
 * @param next in the schema's order, the first named property that may still come
 * @param seen which named properties are there, where that matters later
 * @param named how many named properties there are, as far as that matters
 * @param others how many others there are, as far as that matters; these may share a name, so only
 *     one of them counts where properties are too few
 */
record ObjectRule(
    ValueSet.Objects objects,
    PropertyOrder order,
    MemberSpelling spelling,
    int next,
    BigInteger seen,
    int named,
    int others)
    implements Expr.Rule {
  static ObjectRule start(ValueSet.Objects objects, PropertyOrder order) {
    return start(objects, order, new MemberSpelling.Json(order));
  }

  static ObjectRule start(ValueSet.Objects objects, PropertyOrder order, MemberSpelling spelling) {
    return new ObjectRule(objects, order, spelling, 0, BigInteger.ZERO, 0, 0);
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Expr body() {
    List<Expr> more = new ArrayList<>();
    for (int i = order == PropertyOrder.ANY ? 0 : next; i < objects.named().size(); i++) {
      ValueSet.Named property = objects.named().get(i);
      ObjectRule after = afterNamed(i);
      if (!seen.testBit(i) && property.value().productive && after.canEnd()) {
        more.add(Expr.sequence(spelling.named(property), after));
      }
      if (order == PropertyOrder.SCHEMA && property.required()) {
        break;
      }
    }
    addOthers(more);
    return spelling.rest(named + others == 0, isComplete(), more);
  }

  private void addOthers(List<Expr> more) {
    if (order == PropertyOrder.SCHEMA && !remaining().isEmpty()) {
      // In the schema's order, what the schema names comes first.
      return;
    }
    ObjectRule after =
        new ObjectRule(
            objects,
            order,
            spelling,
            order == PropertyOrder.ANY ? 0 : objects.named().size(),
            seen,
            named,
            Math.min(others + 1, matters()));
    if (!after.canEnd()) {
      return;
    }
    for (ValueSet.Others property : objects.others()) {
      if (property.value().productive) {
        more.add(Expr.sequence(spelling.other(property), after));
      }
    }
  }

  private ObjectRule afterNamed(int index) {
    boolean remembers = order == PropertyOrder.ANY || hasDependencies();
    return new ObjectRule(
        objects,
        order,
        spelling,
        order == PropertyOrder.ANY ? 0 : index + 1,
        remembers ? seen.setBit(index) : seen,
        Math.min(named + 1, matters()),
        others);
  }

  /** Properties are counted up to here. */
  private int matters() {
    return Math.max(objects.min(), objects.max()) + 1;
  }

  private boolean hasDependencies() {
    return objects.named().stream().anyMatch(property -> !property.requires().isEmpty());
  }

  private boolean isComplete() {
    return remaining().isEmpty()
        && named + Math.min(others, 1) >= objects.min()
        && isPossible(remaining());
  }

  /** Places of the properties that must still come. */
  private List<Integer> remaining() {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < objects.named().size(); i++) {
      boolean there =
          seen.testBit(i) || (order == PropertyOrder.SCHEMA && !hasDependencies() && i < next);
      if (!there && isWanted(i)) {
        places.add(i);
      }
    }
    return places;
  }

  private boolean isWanted(int index) {
    ValueSet.Named property = objects.named().get(index);
    if (property.required()) {
      return true;
    }
    for (int i = seen.getLowestSetBit(); i >= 0 && i < objects.named().size(); i++) {
      if (seen.testBit(i) && objects.named().get(i).requires().contains(property.name())) {
        return true;
      }
    }
    return false;
  }

  /** Whether all of these can still come, with what they need themselves. */
  private boolean isPossible(List<Integer> wanted) {
    List<Integer> open = new ArrayList<>(wanted);
    BigInteger met = seen;
    for (int at = 0; at < open.size(); at++) {
      int index = open.get(at);
      ValueSet.Named property = objects.named().get(index);
      boolean comes = order == PropertyOrder.ANY || index >= next;
      if (!comes || !property.value().productive) {
        return false;
      }
      met = met.setBit(index);
      for (int i = 0; i < objects.named().size(); i++) {
        if (property.requires().contains(objects.named().get(i).name()) && !met.testBit(i)) {
          met = met.setBit(i);
          open.add(i);
        }
      }
    }
    return true;
  }

  /** Whether the object can be brought to an end with the values known to exist. */
  boolean canEnd() {
    List<Integer> remaining = remaining();
    if (!isPossible(remaining)) {
      return false;
    }
    int available = 0;
    for (int i = order == PropertyOrder.ANY ? 0 : next; i < objects.named().size(); i++) {
      available += !seen.testBit(i) && objects.named().get(i).value().productive ? 1 : 0;
    }
    int byOthers = others > 0 || Productivity.any(objects.others()) ? 1 : 0;
    int needed = Math.max(named + remaining.size(), objects.min() - byOthers);
    if (needed > named + available) {
      return false;
    }
    int total = needed + Math.max(others, needed < objects.min() ? 1 : 0);
    return objects.max() < 0 || total <= objects.max();
  }
}
