package io.yuntai.ledger.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A few hundred worlds; {@code -Dyuntai.simulation.seed} and {@code .worlds} choose others. */
final class SimulationTest {
  private static final long SEED = Long.getLong("yuntai.simulation.seed", 1);
  private static final int WORLDS = Integer.getInteger("yuntai.simulation.worlds", 60);

  /** Enough for some of the requests of a world. */
  private static final long LIMIT = 30_000_000;

  /** Not noticed by these worlds yet: what they break is made good by expiry, or too rare. */
  private static final Set<Mutant> UNREACHED =
      EnumSet.of(
          Mutant.SHRINK_GIVES_BACK_ONE_TOO_MUCH,
          Mutant.INHERITED_SAYS_NONE,
          Mutant.HOLD_ROUNDS_DOWN,
          Mutant.LAST_CHUNK_BEFORE_DISK,
          Mutant.DISK_DROPS_WRITES);

  @Test
  void nothingIsOverspentLostOrChargedTwiceWhateverBreaks() {
    Map<String, Long> counts = new HashMap<>();
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      World world = world(seed, Faults.MANY, Mutant.NONE);
      run(world, seed);
      world.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }
    assertThat(counts)
        .containsKeys("served", "refused", "killed", "power cut", "answer lost", "left");
  }

  @Test
  void withoutFaultsNothingIsTheOperatorsLoss() {
    for (long seed = SEED; seed < SEED + WORLDS / 4; seed++) {
      World world = world(seed, Faults.NONE, Mutant.NONE);
      run(world, seed);
      assertThat(world.counts.getOrDefault("operator's loss", 0L)).as("seed %d", seed).isZero();
      assertThat(world.counts.getOrDefault("reaped", 0L)).as("seed %d", seed).isZero();
    }
  }

  @Test
  void everyWrongBehaviourIsNoticed() {
    List<Mutant> survived = new ArrayList<>();
    for (Mutant mutant : Mutant.values()) {
      if (mutant != Mutant.NONE && !UNREACHED.contains(mutant) && !caught(mutant)) {
        survived.add(mutant);
      }
    }
    assertThat(survived).isEmpty();
  }

  private static boolean caught(Mutant mutant) {
    for (long seed = 1; seed <= 4; seed++) {
      World calm = world(seed, Faults.NONE, mutant);
      try {
        run(calm, seed);
      } catch (AssertionError | RuntimeException noticed) {
        return true;
      }
      if (calm.counts.getOrDefault("reaped", 0L) > 0) {
        return true;
      }
    }
    for (long seed = 1; seed <= 40; seed++) {
      try {
        run(world(seed, Faults.MANY, mutant), seed);
      } catch (AssertionError | RuntimeException noticed) {
        return true;
      }
    }
    return false;
  }

  private static World world(long seed, Faults faults, Mutant mutant) {
    return new World(seed, 1 + (int) (seed % 3), faults, mutant, LIMIT);
  }

  private static void run(World world, long seed) {
    try {
      world.run(150);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }
}
