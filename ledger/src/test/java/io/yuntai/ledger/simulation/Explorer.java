package io.yuntai.ledger.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs every small world that differs from the usual one in at most so many steps: whatever else
 * may happen at a step instead of the usual, at every step. What is bounded is how often the
 * schedule turns from its usual way, not how long it is; most faults of concurrent programs need
 * few such turns (Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007).
 */
final class Explorer {
  private static final int MOST_STEPS = 6_000;

  private final int turns;
  private long worlds;
  private long steps;

  Explorer(int turns) {
    this.turns = turns;
  }

  long worlds() {
    return worlds;
  }

  long steps() {
    return steps;
  }

  /** A step at which something else happens than usual. */
  private record Turn(int step, int choice) {}

  /**
   * All of them.
   *
   * @throws AssertionError with the choices that lead there, when something does not hold
   */
  void explore() {
    explore(List.of());
  }

  private void explore(List<Turn> taken) {
    List<Integer> alternatives = run(taken);
    if (taken.size() == turns) {
      return;
    }
    int from = taken.isEmpty() ? 0 : taken.getLast().step() + 1;
    for (int step = from; step < alternatives.size(); step++) {
      for (int choice = 1; choice < alternatives.get(step); choice++) {
        List<Turn> more = new ArrayList<>(taken);
        more.add(new Turn(step, choice));
        explore(more);
      }
    }
  }

  /** Runs one; returns how many choices there were at each step. */
  private List<Integer> run(List<Turn> taken) {
    worlds++;
    List<Integer> alternatives = new ArrayList<>();
    List<String> happened = new ArrayList<>();
    SmallWorld world = new SmallWorld(turns);
    int next = 0;
    try {
      for (List<SmallWorld.Action> actions = world.actions();
          !actions.isEmpty();
          actions = world.actions()) {
        int choice = 0;
        if (next < taken.size() && taken.get(next).step() == alternatives.size()) {
          choice = taken.get(next++).choice();
        }
        alternatives.add(actions.size());
        SmallWorld.Action action = actions.get(choice);
        happened.add(action.name());
        action.run().run();
        steps++;
        world.check();
        if (alternatives.size() > MOST_STEPS) {
          throw new AssertionError("it does not end");
        }
      }
      world.checkEnd();
      if (taken.isEmpty() && world.served() != 2) {
        throw new AssertionError("served " + world.served() + " of the two that are paid for");
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(taken + " " + happened.stream().limit(400).toList() + ": " + e, e);
    }
    return alternatives;
  }
}
