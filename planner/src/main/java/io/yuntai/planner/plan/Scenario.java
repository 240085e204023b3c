package io.yuntai.planner.plan;

import java.util.Map;

/**
 * One way that the future may go. Scenarios form a tree: one goes with {@code splitsFrom} until
 * {@code splitQuarter}, and what is decided before that quarter is the same in both.
 *
 * @param probability of it; all add up to 1
 * @param splitsFrom the scenario that it is one with before; empty for those that differ from the
 *     first quarter on
 * @param splitQuarter the first quarter in which it is known which of the two has come
 * @param demandFactor by which demand that is given for all scenarios is multiplied
 * @param priceFactor by which prices of chips are multiplied
 * @param energyFactor by which prices of power are multiplied
 * @param supply servers of a chip that can be had a quarter, in the place of the chip's own; export
 *     states are told by it
 */
public record Scenario(
    String name,
    double probability,
    String splitsFrom,
    int splitQuarter,
    Series demandFactor,
    Series priceFactor,
    Series energyFactor,
    Map<String, Series> supply) {
  /** Checks the ranges. */
  public Scenario {
    Cells.name("scenarios.name", name);
    String cell = "scenarios." + name;
    Cells.share(cell + ".probability", probability);
    Cells.positive(cell + ".probability", probability);
    Cells.range(cell + ".splitQuarter", splitQuarter, 0, 80);
    demandFactor.check(cell + ".demandFactor", 0, 1e6);
    priceFactor.check(cell + ".priceFactor", 0, 1e6);
    energyFactor.check(cell + ".energyFactor", 0, 1e6);
    supply = Map.copyOf(supply);
    supply.forEach(
        (chip, series) -> series.check(cell + ".supply." + chip, 0, Double.POSITIVE_INFINITY));
  }

  /** The only future. */
  public static Scenario certain() {
    return of("base", 1, "", 0, Series.ONE);
  }

  /** A future that differs in demand only. */
  public static Scenario of(
      String name, double probability, String splitsFrom, int splitQuarter, Series demandFactor) {
    return new Scenario(
        name,
        probability,
        splitsFrom,
        splitQuarter,
        demandFactor,
        Series.ONE,
        Series.ONE,
        Map.of());
  }
}
