package io.yuntai.ledger.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Some worlds of each kind; {@code -Dyuntai.simulation.seed} and {@code .worlds} choose others. */
final class SimulationTest {
  private static final long SEED = Long.getLong("yuntai.simulation.seed", 1);
  private static final int WORLDS = Integer.getInteger("yuntai.simulation.worlds", 18);

  @Test
  void nothingIsOverspentLostOrChargedTwiceWhateverBreaks() {
    Map<String, Long> counts = new HashMap<>();
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      World world = Hunt.world(seed, Faults.MANY, Mutant.NONE);
      Hunt.run(world, seed);
      world.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }
    assertThat(counts)
        .containsKeys("served", "refused", "killed", "power cut", "answer lost", "left");
  }

  @Test
  void withoutFaultsNothingIsTheOperatorsLossAndNobodyIsRefusedInVain() {
    for (long seed = SEED; seed < SEED + WORLDS / 3; seed++) {
      Hunt.run(Hunt.world(seed, Faults.NONE, Mutant.NONE), seed);
    }
  }

  @Test
  void gatewaysThatComeBackLeaveNothingToExpire() {
    for (long seed = SEED; seed < SEED + WORLDS / 3; seed++) {
      Hunt.run(Hunt.world(seed, Faults.RESTARTS, Mutant.NONE), seed);
    }
  }

  @Test
  void whatEndedWhileTheBankWasDownIsSettledAfterACrash() {
    for (long seed = SEED; seed < SEED + WORLDS / 3; seed++) {
      Hunt.run(Hunt.world(seed, Faults.OUTAGES, Mutant.NONE), seed);
    }
  }

  @Test
  void everyWrongBehaviourIsNoticed() {
    List<Mutant> survived = new ArrayList<>();
    for (Mutant mutant : Mutant.values()) {
      if (mutant != Mutant.NONE && Hunt.worldsUntilNoticed(mutant, 1) == 0) {
        survived.add(mutant);
      }
    }
    assertThat(survived).isEmpty();
  }
}
