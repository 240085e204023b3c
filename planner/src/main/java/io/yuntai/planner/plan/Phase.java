package io.yuntai.planner.plan;

import java.util.List;

/**
 * A part of a site that is built at once.
 *
 * @param megawatts for servers and network, cooling not counted
 * @param liquidMegawatts of these that liquid may cool
 * @param racks without limit infinite
 * @param price in millions
 * @param leadQuarters from the start until servers can stand in it
 * @param milestones shares of the price that are paid in the quarter of the start and in those that
 *     follow; they add up to 1
 * @param earliestQuarter in which it may start, for want of a permit or of land
 * @param bookQuarters in which it is written off, straight-line, from its opening on
 */
public record Phase(
    String name,
    double megawatts,
    double liquidMegawatts,
    double racks,
    double price,
    int leadQuarters,
    List<Double> milestones,
    int earliestQuarter,
    int bookQuarters) {
  /** The longest that a phase takes, in quarters. */
  public static final int MOST_LEAD = 40;

  /** Checks the ranges. */
  public Phase {
    Cells.name("phases.name", name);
    String cell = "phases." + name;
    Cells.positive(cell + ".megawatts", megawatts);
    Cells.range(cell + ".liquidMegawatts", liquidMegawatts, 0, megawatts);
    Cells.range(cell + ".racks", racks, 0, Double.POSITIVE_INFINITY);
    Cells.range(cell + ".price", price, 0, Cells.ABSURD);
    Cells.range(cell + ".leadQuarters", leadQuarters, 0, MOST_LEAD);
    milestones = List.copyOf(milestones);
    milestones.forEach(share -> Cells.share(cell + ".milestones", share));
    double sum = milestones.stream().mapToDouble(Double::doubleValue).sum();
    String shares = cell + ".milestones";
    Cells.range(shares, "the sum of " + shares, sum, 1 - 1e-9, 1 + 1e-9);
    Cells.range(shares, "the number of " + shares, milestones.size(), 1, leadQuarters + 1.0);
    Cells.range(cell + ".earliestQuarter", earliestQuarter, 0, 100);
    Cells.range(cell + ".bookQuarters", bookQuarters, 1, 400);
  }
}
