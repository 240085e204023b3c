package io.yuntai.ledger.simulation;

import java.util.List;

/** Looks for worlds in which a wrong behaviour is noticed. */
final class Hunt {
  /** Of each kind of world so many are tried, in turn. */
  static final int MOST_WORLDS = 40;

  private static final List<Faults> KINDS =
      List.of(Faults.NONE, Faults.RESTARTS, Faults.MANY, Faults.OUTAGES);

  private Hunt() {}

  /** A world of this seed, short enough for many of them. */
  static World world(long seed, Faults faults, Mutant mutant) {
    return world(seed, faults, mutant, 1);
  }

  /** A world of this seed and size. */
  static World world(long seed, Faults faults, Mutant mutant, int size) {
    // Enough for all, for many or for a few of the requests of a world.
    long limit = List.of(30_000_000L, 8_000_000L, 2_000_000L).get((int) (seed / 3 % 3));
    return new World(seed, 1 + (int) (seed % 3), faults, mutant, limit, size);
  }

  /**
   * Runs a world to its end.
   *
   * @throws AssertionError when something does not hold
   */
  static void run(World world, long seed) {
    try {
      world.run();
      if (world.isCalm()) {
        world.invariants.require(
            world.counts.getOrDefault("operator's loss", 0L) == 0,
            "the operator bears a loss without a fault");
      }
      if (world.isCalm() || world.faults.equals(Faults.RESTARTS)) {
        world.invariants.require(
            world.counts.getOrDefault("reaped", 0L) == 0,
            "I18: a lease is left to expire though its gateway lives");
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", " + world.faults + ": " + e, e);
    }
  }

  /** In how many worlds a wrong behaviour is noticed for the first time; 0 when in none. */
  static int worldsUntilNoticed(Mutant mutant, long firstSeed) {
    int worlds = 0;
    for (long seed = firstSeed; seed < firstSeed + MOST_WORLDS; seed++) {
      for (Faults faults : KINDS) {
        worlds++;
        try {
          run(world(seed, faults, mutant), seed);
        } catch (AssertionError noticed) {
          return worlds;
        }
      }
    }
    return 0;
  }
}
