package io.yuntai.server.routes;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Which target is asked next. Pure. */
final class TargetChoice {
  private TargetChoice() {}

  /**
   * One of the usable targets of the lowest priority number among them, each by its share of their
   * weights.
   *
   * @param usable by index: may be asked for this request and now
   * @return its index; -1 where none is usable
   */
  static int choose(List<Target> targets, IntPredicate usable, RandomGenerator random) {
    int best = Integer.MAX_VALUE;
    long weights = 0;
    int only = -1;
    boolean[] candidates = new boolean[targets.size()];
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (target.priority() <= best && usable.test(i)) {
        if (target.priority() < best) {
          best = target.priority();
          weights = 0;
          Arrays.fill(candidates, false);
        }
        candidates[i] = true;
        weights += target.weight();
        only = i;
      }
    }
    if (only < 0 || weights == targets.get(only).weight()) {
      return only;
    }
    long at = random.nextLong(weights);
    for (int i = 0; i < candidates.length; i++) {
      if (candidates[i]) {
        at -= targets.get(i).weight();
        if (at < 0) {
          return i;
        }
      }
    }
    throw new IllegalStateException("the weights do not add up");
  }
}
