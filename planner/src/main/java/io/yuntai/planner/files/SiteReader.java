package io.yuntai.planner.files;

import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.Series;
import io.yuntai.planner.plan.Site;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code [sites.NAME]}. */
final class SiteReader {
  private static final String POWER_PRICE = "¤/MWh";

  private SiteReader() {}

  static List<Site> sites(PlanCells top) {
    List<Site> sites = new ArrayList<>();
    for (PlanCells.Named one : top.named("sites")) {
      PlanCells cells = one.cells();
      sites.add(
          cells.made(() ->
              new Site(
                  one.name(),
                  cells.number("open", "MW", 0),
                  cells.number("open-liquid", "MW", 0),
                  cells.number("open-racks", "rack", Double.POSITIVE_INFINITY),
                  phases(cells),
                  cells.series("grid", "MW", Series.UNLIMITED),
                  cells.number("pue", "1"),
                  cells.series("power-price", POWER_PRICE),
                  powerByChip(cells.table("power-price-by-chip")),
                  cells.share("renewable", 0),
                  cells.number("carbon", "t/MWh", 0),
                  cells.number("staff", "million ¤/MW/year", 0),
                  cells.number("upkeep", "million ¤/MW/year", 0),
                  installed(cells),
                  links(cells))));
      cells.end();
    }
    return sites;
  }

  private static Map<String, Series> powerByChip(PlanCells cells) {
    Map<String, Series> prices = new LinkedHashMap<>();
    for (String chip : cells.names()) {
      prices.put(chip, cells.series(chip, POWER_PRICE));
    }
    return prices;
  }

  private static List<Phase> phases(PlanCells site) {
    List<Phase> phases = new ArrayList<>();
    for (PlanCells cells : site.tables("phases")) {
      double power = cells.number("power", "MW");
      double price =
          cells.has("price")
              ? cells.number("price", "million ¤")
              : cells.number("price-per-power", "million ¤/MW") * power;
      cells.has("price-per-power");
      int lead = cells.quarters("lead", 4);
      if (lead < 0 || lead > Phase.MOST_LEAD) {
        throw cells.slip(
            "lead",
            "%d quarters can't be; a phase takes from 0 to %d".formatted(lead, Phase.MOST_LEAD));
      }
      phases.add(
          cells.made(() ->
              new Phase(
                  cells.text("name"),
                  power,
                  cells.number("liquid", "MW", 0),
                  cells.number("racks", "rack", Double.POSITIVE_INFINITY),
                  price,
                  lead,
                  milestones(cells, lead),
                  Math.max(0, cells.quarter("earliest", 0)),
                  cells.quarters("book", 56))));
      cells.end();
    }
    return phases;
  }

  /** Shares by quarter from the start on; even ones where the file tells none. */
  private static List<Double> milestones(PlanCells cells, int lead) {
    int quarters = Math.max(1, lead);
    Series told = cells.series("milestones", "1", Series.constant(1.0 / quarters));
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < (told.size() == 1 && told.at(0) < 1 ? quarters : told.size()); i++) {
      shares.add(told.at(i));
    }
    return shares;
  }

  private static List<Installed> installed(PlanCells site) {
    List<Installed> all = new ArrayList<>();
    for (PlanCells cells : site.tables("installed")) {
      all.add(
          cells.made(() ->
              new Installed(
                  cells.text("chip"),
                  cells.number("servers", "server"),
                  cells.quarters("age", 0),
                  cells.number("book-value", "million ¤", 0))));
      cells.end();
    }
    return all;
  }

  private static List<Link> links(PlanCells site) {
    List<Link> links = new ArrayList<>();
    for (PlanCells.Named region : site.named("links")) {
      links.add(link(region));
    }
    return links;
  }

  private static Link link(PlanCells.Named region) {
    PlanCells cells = region.cells();
    double millis = cells.number("latency", "ms");
    double price = cells.number("price", "¤/million token", 0);
    cells.end();
    return cells.made(() -> new Link(region.name(), millis, price));
  }
}
