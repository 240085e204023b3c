package io.yuntai.planner.plan;

import java.util.List;
import java.util.Map;

/**
 * A place with halls, or one where they may be built.
 *
 * @param openMegawatts of halls that stand when the plan begins, for servers and network
 * @param openLiquidMegawatts of these that liquid may cool
 * @param openRacks in them
 * @param phases in the order in which they may be built
 * @param gridMegawatts that the grid gives, cooling included, by quarter
 * @param pue power in all by power for servers
 * @param powerPrice of a megawatt-hour, in the plan's currency (not millions)
 * @param powerPriceByChip where a chip's power has another price there
 * @param renewableShare of its power
 * @param carbonPerMegawattHour tonnes
 * @param staffPerMegawattYear what people cost for a megawatt of open hall, in millions
 * @param upkeepPerMegawattYear what halls cost beside people and power, in millions; rent of place
 *     included
 * @param installed servers that stand there
 * @param links regions that it can serve; a region that is not named it can't
 */
public record Site(
    String name,
    double openMegawatts,
    double openLiquidMegawatts,
    double openRacks,
    List<Phase> phases,
    Series gridMegawatts,
    double pue,
    Series powerPrice,
    Map<String, Series> powerPriceByChip,
    double renewableShare,
    double carbonPerMegawattHour,
    double staffPerMegawattYear,
    double upkeepPerMegawattYear,
    List<Installed> installed,
    List<Link> links) {
  /** Checks the ranges. */
  public Site {
    Cells.name("sites.name", name);
    String cell = "sites." + name;
    Cells.range(cell + ".openMegawatts", openMegawatts, 0, 1e6);
    Cells.range(cell + ".openLiquidMegawatts", openLiquidMegawatts, 0, openMegawatts);
    Cells.range(cell + ".openRacks", openRacks, 0, Double.POSITIVE_INFINITY);
    phases = List.copyOf(phases);
    Cells.distinct(cell + ".phases", phases.stream().map(Phase::name).toList());
    gridMegawatts.check(cell + ".gridMegawatts", 0, Double.POSITIVE_INFINITY);
    Cells.range(cell + ".pue", pue, 1, 5);
    powerPrice.check(cell + ".powerPrice", 0, 1e6);
    powerPriceByChip = Map.copyOf(powerPriceByChip);
    powerPriceByChip.forEach(
        (chip, price) -> price.check(cell + ".powerPriceByChip." + chip, 0, 1e6));
    Cells.share(cell + ".renewableShare", renewableShare);
    Cells.range(cell + ".carbonPerMegawattHour", carbonPerMegawattHour, 0, 10);
    Cells.range(cell + ".staffPerMegawattYear", staffPerMegawattYear, 0, Cells.ABSURD);
    Cells.range(cell + ".upkeepPerMegawattYear", upkeepPerMegawattYear, 0, Cells.ABSURD);
    installed = List.copyOf(installed);
    links = List.copyOf(links);
    Cells.distinct(cell + ".links", links.stream().map(Link::region).toList());
  }

  /** The price of a megawatt-hour for a chip. */
  public Series powerPrice(String chip) {
    return powerPriceByChip.getOrDefault(chip, powerPrice);
  }
}
