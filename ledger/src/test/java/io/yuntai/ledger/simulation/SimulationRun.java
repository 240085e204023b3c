package io.yuntai.ledger.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many worlds, for {@code bench/money}: {@code SimulationRun FIRST_SEED SECONDS} runs as many as
 * the seconds allow, {@code SimulationRun mutants FIRST_SEED} hunts every wrong behaviour. Prints
 * lines {@code name=number}.
 */
final class SimulationRun {
  private static final List<Faults> KINDS =
      List.of(Faults.MANY, Faults.MANY, Faults.OUTAGES, Faults.RESTARTS, Faults.NONE);

  private SimulationRun() {}

  public static void main(String[] arguments) {
    if (arguments[0].equals("mutants")) {
      mutants(Long.parseLong(arguments[1]));
    } else {
      worlds(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
    }
  }

  private static void worlds(long firstSeed, long seconds) {
    Map<String, Long> counts = new HashMap<>();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    long seed = firstSeed;
    while (System.nanoTime() < end) {
      World world = Hunt.world(seed, KINDS.get((int) (seed % KINDS.size())), Mutant.NONE);
      Hunt.run(world, seed);
      world.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
      seed++;
    }
    counts.put("worlds", seed - firstSeed);
    new TreeMap<>(counts).forEach((what, count) -> System.out.println(what + "=" + count));
  }

  private static void mutants(long firstSeed) {
    for (Mutant mutant : Mutant.values()) {
      if (mutant != Mutant.NONE) {
        System.out.println(mutant + "=" + Hunt.worldsUntilNoticed(mutant, firstSeed));
      }
    }
  }
}
