package io.yuntai.planner.exports;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Installed;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import io.yuntai.planner.plan.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A plan's decisions of one scenario, summed by quarter. */
public final class PlanSums {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double MILLION = 1e6;

  private final PlanInputs inputs;
  private final Decisions decisions;
  private final String scenario;
  private final ScenarioTree tree;
  private final int length;
  private final Map<String, Double> hours = new HashMap<>();

  /** Of a scenario. */
  public PlanSums(PlanInputs inputs, Decisions decisions, String scenario) {
    this.inputs = inputs;
    this.decisions = decisions;
    this.scenario = scenario;
    this.tree = inputs.tree();
    this.length = inputs.horizon().length();
    for (LoadBlock block : inputs.blocks()) {
      hours.put(block.name(), block.hours());
    }
  }

  /** Servers of a chip in a site. */
  public record Place(String chip, String site) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byChip = chip.compareTo(other.chip);
      return byChip != 0 ? byChip : site.compareTo(other.site);
    }
  }

  /** Work that goes from a region to a site or contract. */
  public record Way(String workClass, String region, String place) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      int byClass = workClass.compareTo(other.workClass);
      int byRegion = region.compareTo(other.region);
      return byClass != 0 ? byClass : byRegion != 0 ? byRegion : place.compareTo(other.place);
    }
  }

  /** A phase that is built. */
  public record Built(Site site, Phase phase, int start) {
    /** The quarter in which servers can stand in it. */
    public int opens() {
      return start + phase.leadQuarters();
    }
  }

  boolean holds(String decided, int quarter) {
    return tree.node(scenario, quarter).scenario().name().equals(decided);
  }

  /** How many quarters. */
  public int length() {
    return length;
  }

  double allHours() {
    return inputs.blocks().stream().mapToDouble(LoadBlock::hours).sum();
  }

  private double millions(double perSecond, String block) {
    return perSecond * hours.getOrDefault(block, 0.0) * SECONDS_PER_HOUR / MILLION;
  }

  private static <K> void add(Map<K, double[]> to, K key, int length, int quarter, double amount) {
    to.computeIfAbsent(key, _ -> new double[length])[quarter] += amount;
  }

  /** Millions of units that are served. */
  public Map<Way, double[]> served() {
    Map<Way, double[]> sums = new TreeMap<>();
    for (Decisions.Work one : decisions.work()) {
      if (holds(one.scenario(), one.quarter())) {
        Way way = new Way(one.workClass(), one.region(), one.place());
        add(sums, way, length, one.quarter(), millions(one.unitsPerSecond(), one.block()));
      }
    }
    return sums;
  }

  /** Millions of units of a class that are served. */
  public double[] servedOf(String workClass) {
    double[] sums = new double[length];
    served()
        .forEach((way, amounts) -> {
          for (int t = 0; way.workClass.equals(workClass) && t < length; t++) {
            sums[t] += amounts[t];
          }
        });
    return sums;
  }

  /** Millions of units of a class that are not. */
  public double[] unserved(String workClass) {
    double[] sums = new double[length];
    for (Decisions.Unserved one : decisions.unserved()) {
      if (one.workClass().equals(workClass) && holds(one.scenario(), one.quarter())) {
        sums[one.quarter()] += millions(one.unitsPerSecond(), one.block());
      }
    }
    return sums;
  }

  /** Hours of servers of one's own that are busy. */
  public Map<Place, double[]> busyHours() {
    Map<Place, double[]> sums = new TreeMap<>();
    for (Decisions.Busy one : decisions.busy()) {
      if (!one.chip().isEmpty() && holds(one.scenario(), one.quarter())) {
        double busy = one.servers() * hours.getOrDefault(one.block(), 0.0);
        add(sums, new Place(one.chip(), one.place()), length, one.quarter(), busy);
      }
    }
    return sums;
  }

  /** Hours of a contract's servers that are paid by the hour, those for queues' sake included. */
  public Map<String, double[]> hourly() {
    Map<String, double[]> sums = new TreeMap<>();
    for (Decisions.Busy one : decisions.busy()) {
      if (one.chip().isEmpty() && holds(one.scenario(), one.quarter())) {
        double usable = inputs.workClass(one.workClass()).usableLoad();
        double paid = one.servers() * hours.getOrDefault(one.block(), 0.0) / usable;
        add(sums, one.place(), length, one.quarter(), paid);
      }
    }
    return sums;
  }

  /** Servers that are ordered. */
  public Map<Place, double[]> orders() {
    Map<Place, double[]> sums = new TreeMap<>();
    for (Decisions.Order one : decisions.orders()) {
      if (holds(one.scenario(), one.quarter())) {
        add(sums, new Place(one.chip(), one.site()), length, one.quarter(), one.servers());
      }
    }
    return sums;
  }

  /** Servers of contracts for a term that begins. */
  public Map<String, double[]> commitments() {
    Map<String, double[]> sums = new TreeMap<>();
    for (Decisions.Commitment one : decisions.commitments()) {
      if (holds(one.scenario(), one.quarter())) {
        add(sums, one.contract(), length, one.quarter(), one.servers());
      }
    }
    return sums;
  }

  /** Servers that stand, installed ones included. */
  public Map<Place, double[]> stock() {
    Map<Place, double[]> sums = new TreeMap<>();
    for (Site site : inputs.sites()) {
      for (Installed one : site.installed()) {
        for (int t = 0; t < length; t++) {
          add(sums, new Place(one.chip(), site.name()), length, t, one.servers());
        }
      }
    }
    orders()
        .forEach((place, ordered) -> {
          Chip chip = inputs.chip(place.chip);
          for (int t = 0; t < length; t++) {
            for (int order = 0; order + chip.leadQuarters() <= t; order++) {
              add(sums, place, length, t, ordered[order]);
            }
          }
        });
    for (Decisions.Retirement one : decisions.retirements()) {
      if (holds(one.scenario(), one.quarter())) {
        for (int t = one.quarter(); t < length; t++) {
          add(sums, new Place(one.chip(), one.site()), length, t, -one.servers());
        }
      }
    }
    return sums;
  }

  /** Phases that are built, by their start. */
  public List<Built> built() {
    List<Built> built = new ArrayList<>();
    for (Decisions.PhaseStart start : decisions.phases()) {
      if (holds(start.scenario(), start.quarter())) {
        Site site = inputs.site(start.site());
        site.phases().stream()
            .filter(phase -> phase.name().equals(start.phase()))
            .forEach(phase -> built.add(new Built(site, phase, start.quarter())));
      }
    }
    return built;
  }

  /** Megawatts of a site's open halls. */
  public double[] openMegawatts(Site site) {
    double[] open = new double[length];
    java.util.Arrays.fill(open, site.openMegawatts());
    for (Built one : built()) {
      for (int t = one.opens(); one.site.equals(site) && t < length; t++) {
        open[t] += one.phase.megawatts();
      }
    }
    return open;
  }

  /** Units a second of a class that are asked for in a block of a quarter, over all regions. */
  public double demand(String workClass, String block, int quarter) {
    var scenarioOf =
        inputs.scenarios().stream()
            .filter(one -> one.name().equals(scenario))
            .findFirst()
            .orElseThrow();
    return inputs.regions().stream()
        .mapToDouble(region -> inputs.demand().at(workClass, region, block, quarter, scenarioOf))
        .sum();
  }

  /** Units a second of a class that servers of one's own could serve, if they did nothing else. */
  public double capacity(String workClass, int quarter) {
    double usable = inputs.workClass(workClass).usableLoad();
    double sum = 0;
    for (Map.Entry<Place, double[]> one : stock().entrySet()) {
      sum += one.getValue()[quarter] * inputs.chip(one.getKey().chip).rate(workClass) * usable;
    }
    return sum;
  }

  /** Drawn credit, in millions. */
  public double[] credit() {
    double[] credit = new double[length];
    for (Decisions.Credit one : decisions.credit()) {
      if (holds(one.scenario(), one.quarter())) {
        credit[one.quarter()] += one.drawn();
      }
    }
    return credit;
  }
}
