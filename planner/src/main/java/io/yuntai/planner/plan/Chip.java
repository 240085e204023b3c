package io.yuntai.planner.plan;

import java.util.Map;

/**
 * A kind of server with its accelerators.
 *
 * @param vendor whose share of the purchases may be limited
 * @param price of a server, in millions, by quarter of the order
 * @param paidAtOrder share of the price that is paid at the order; the rest when it arrives
 * @param kilowatts that a busy server draws with its share of the network, cooling not counted
 * @param idleShare of these that an idle one draws
 * @param liquid whether it needs a hall with liquid cooling
 * @param racks that a server takes
 * @param batch servers that are ordered together: a deployment unit
 * @param wholeBatches whether only whole batches can be ordered; where dozens are, parts hardly
 *     matter and plans are found sooner
 * @param leadQuarters from the order until it serves
 * @param bookQuarters in which it is written off, straight-line, from its arrival on
 * @param lifeQuarters after which it leaves service
 * @param upkeepPerYear share of the price for repairs and spares
 * @param supply servers that can be had a quarter, over all sites
 * @param resaleLossPerYear share of its value that it loses a year when sold second-hand
 * @param unitsPerSecond of each class that one server serves at most; a class that is not named it
 *     can't serve
 */
public record Chip(
    String name,
    String vendor,
    Series price,
    double paidAtOrder,
    double kilowatts,
    double idleShare,
    boolean liquid,
    double racks,
    int batch,
    boolean wholeBatches,
    int leadQuarters,
    int bookQuarters,
    int lifeQuarters,
    double upkeepPerYear,
    Series supply,
    double resaleLossPerYear,
    Map<String, Double> unitsPerSecond) {
  /** Checks the ranges. */
  public Chip {
    Cells.name("chips.name", name);
    String cell = "chips." + name;
    Cells.name(cell + ".vendor", vendor);
    price.check(cell + ".price", 0, Cells.ABSURD);
    Cells.share(cell + ".paidAtOrder", paidAtOrder);
    Cells.range(cell + ".kilowatts", kilowatts, 0, 10_000);
    Cells.share(cell + ".idleShare", idleShare);
    Cells.range(cell + ".racks", racks, 0, 1000);
    Cells.range(cell + ".batch", batch, 1, 1_000_000);
    Cells.range(cell + ".leadQuarters", leadQuarters, 0, 40);
    Cells.range(cell + ".bookQuarters", bookQuarters, 1, 200);
    Cells.range(cell + ".lifeQuarters", lifeQuarters, 1, 200);
    Cells.share(cell + ".upkeepPerYear", upkeepPerYear);
    supply.check(cell + ".supply", 0, Double.POSITIVE_INFINITY);
    Cells.share(cell + ".resaleLossPerYear", resaleLossPerYear);
    unitsPerSecond = Map.copyOf(unitsPerSecond);
    unitsPerSecond.forEach((work, rate) -> Cells.positive(cell + ".unitsPerSecond." + work, rate));
  }

  /** Units of a class that a server serves a second; 0 where it can't. */
  public double rate(String workClass) {
    return unitsPerSecond.getOrDefault(workClass, 0.0);
  }
}
