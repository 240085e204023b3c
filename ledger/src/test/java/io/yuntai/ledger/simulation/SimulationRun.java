package io.yuntai.ledger.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Many worlds, for {@code bench/money}: {@code SimulationRun FIRST_SEED SECONDS THREADS} runs as
 * many as the seconds allow, one in each thread at a time; {@code SimulationRun mutants FIRST_SEED}
 * hunts every wrong behaviour. Prints lines {@code name=number}. A fault ends it with its seed.
 */
final class SimulationRun {
  private static final List<Faults> KINDS =
      List.of(Faults.MANY, Faults.MANY, Faults.OUTAGES, Faults.RESTARTS, Faults.NONE);

  /** Short worlds see most of beginnings and ends, long ones of leases that expire and windows. */
  private static final List<Integer> SIZES = List.of(1, 4, 16);

  private SimulationRun() {}

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    if (arguments[0].equals("mutants")) {
      mutants(Long.parseLong(arguments[1]));
    } else {
      worlds(
          Long.parseLong(arguments[0]),
          Duration.ofSeconds(Long.parseLong(arguments[1])),
          Integer.parseInt(arguments[2]));
    }
  }

  private static void worlds(long firstSeed, Duration time, int threadCount)
      throws InterruptedException, ExecutionException {
    AtomicLong seeds = new AtomicLong(firstSeed);
    long end = System.nanoTime() + time.toNanos();
    Map<String, Long> counts = new TreeMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
      List<Future<Map<String, Long>>> running =
          IntStream.range(0, threadCount)
              .mapToObj(_ -> threads.submit(() -> worlds(seeds, end)))
              .toList();
      for (Future<Map<String, Long>> one : running) {
        one.get().forEach((what, count) -> counts.merge(what, count, Long::sum));
      }
    }
    counts.put("worlds", seeds.get() - firstSeed);
    counts.forEach((what, count) -> System.out.println(what + "=" + count));
  }

  private static Map<String, Long> worlds(AtomicLong seeds, long end) {
    Map<String, Long> counts = new HashMap<>();
    while (System.nanoTime() < end) {
      long seed = seeds.getAndIncrement();
      World world = world(seed);
      Hunt.run(world, seed);
      world.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }
    return counts;
  }

  private static World world(long seed) {
    Faults faults = KINDS.get((int) (seed % KINDS.size()));
    int size = SIZES.get((int) (seed / KINDS.size() % SIZES.size()));
    return Hunt.world(seed, faults, Mutant.NONE, size);
  }

  private static void mutants(long firstSeed) {
    for (Mutant mutant : Mutant.values()) {
      if (mutant != Mutant.NONE) {
        System.out.println(mutant + "=" + Hunt.worldsUntilNoticed(mutant, firstSeed));
      }
    }
  }
}
