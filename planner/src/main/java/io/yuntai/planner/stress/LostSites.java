package io.yuntai.planner.stress;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Link;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.program.ProgramBuilder;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.OwnSolver;
import io.yuntai.planner.solver.Solution;
import io.yuntai.planner.statements.Stocks;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of each class is served in the busiest hours when a site is lost: a linear program over
 * the servers of the other sites, with delays and rules for data as in the plan, gold before silver
 * before bronze. What contracts served they go on serving; more is not rented.
 */
public final class LostSites {
  /** So many programs at most look at each quarter; beyond that at the last of each year. */
  private static final int EVERY_QUARTER = 64;

  private static final int YEAR = 4;

  private final Plan plan;
  private final PlanInputs inputs;
  private final Scenario scenario;
  private final Stocks stocks;
  private final LoadBlock peak;

  /**
   * What becomes of a class.
   *
   * @param lost the site; empty for none
   * @param asked units a second in the peak block
   * @param served of them
   */
  public record Loss(String lost, int quarter, String workClass, double asked, double served) {
    /** The share that is served; 1 where nothing is asked for. */
    public double share() {
      return asked > 0 ? Math.min(1, served / asked) : 1;
    }
  }

  private LostSites(Plan plan) {
    this.plan = plan;
    this.inputs = plan.inputs();
    this.scenario = inputs.scenarios().getFirst();
    this.stocks = new Stocks(inputs, plan.decisions(), scenario.name());
    this.peak =
        inputs.blocks().stream()
            .filter(LoadBlock::peak)
            .findFirst()
            .orElse(inputs.blocks().getFirst());
  }

  /** Of the first scenario, for no loss and for that of each site in use, by quarter. */
  public static List<Loss> of(Plan plan) {
    return new LostSites(plan).all();
  }

  private List<Loss> all() {
    List<Loss> all = new ArrayList<>();
    int length = inputs.horizon().length();
    boolean every = inputs.sites().size() * length <= EVERY_QUARTER;
    for (int t = 0; t < length; t++) {
      if (every || t % YEAR == YEAR - 1) {
        after("", t, all);
        for (Site site : inputs.sites()) {
          if (isUsed(site, t)) {
            after(site.name(), t, all);
          }
        }
      }
    }
    return all;
  }

  private boolean isUsed(Site site, int t) {
    return inputs.chips().stream()
        .anyMatch(chip -> stocks.stock(chip.name(), site.name(), t).signum() > 0);
  }

  private double contracts(WorkClass work, String region, int t) {
    double sum = 0;
    for (Decisions.Work one : plan.decisions().work()) {
      if (one.quarter() == t
          && one.workClass().equals(work.name())
          && one.region().equals(region)
          && one.block().equals(peak.name())
          && stocks.holds(one.scenario(), t)
          && inputs.contracts().stream().anyMatch(each -> each.name().equals(one.place()))) {
        sum += one.unitsPerSecond();
      }
    }
    return sum;
  }

  private void after(String lost, int t, List<Loss> all) {
    ProgramBuilder program = new ProgramBuilder();
    int[][] capacity = new int[inputs.sites().size()][inputs.chips().size()];
    for (int s = 0; s < capacity.length; s++) {
      for (int h = 0; h < capacity[s].length; h++) {
        String site = inputs.sites().get(s).name();
        double stock = stocks.stock(inputs.chips().get(h).name(), site, t).doubleValue();
        capacity[s][h] = stock > 0 && !site.equals(lost) ? program.row(site, 0, stock) : -1;
      }
    }
    double[] asked = new double[inputs.classes().size()];
    double[] served = new double[asked.length];
    List<Integer> classes = new ArrayList<>();
    for (int w = 0; w < asked.length; w++) {
      WorkClass work = inputs.classes().get(w);
      for (String region : inputs.regions()) {
        double demand = inputs.demand().at(work.name(), region, peak.name(), t, scenario);
        double rented = Math.min(demand, contracts(work, region, t));
        asked[w] += demand;
        served[w] += rented;
        if (demand > rented) {
          int row = program.row(work.name(), 0, demand - rented);
          columns(program, work, region, demand - rented, row, capacity);
          while (classes.size() < program.columnCount()) {
            classes.add(w);
          }
        }
      }
    }
    Solution solution = new OwnSolver().solve(program.build(), Limits.none());
    for (int j = 0; solution.hasPoint() && j < classes.size(); j++) {
      served[classes.get(j)] += solution.x()[j];
    }
    for (int w = 0; w < asked.length; w++) {
      all.add(new Loss(lost, t, inputs.classes().get(w).name(), asked[w], served[w]));
    }
  }

  private void columns(
      ProgramBuilder program,
      WorkClass work,
      String region,
      double most,
      int row,
      int[][] capacity) {
    for (int s = 0; s < capacity.length; s++) {
      Site site = inputs.sites().get(s);
      boolean reaches =
          inputs.rules().mayServe(work.name(), region, site.name())
              && site.links().stream().anyMatch(link -> fits(link, work, region));
      for (int h = 0; h < capacity[s].length; h++) {
        double rate = inputs.chips().get(h).rate(work.name()) * work.usableLoad();
        if (reaches && capacity[s][h] >= 0 && rate > 0) {
          int column = program.column(site.name(), -worth(work), 0, most, false);
          program.entry(row, column, 1);
          program.entry(capacity[s][h], column, 1 / rate);
        }
      }
    }
  }

  private static boolean fits(Link link, WorkClass work, String region) {
    return link.region().equals(region) && link.millis() <= work.mostMillis();
  }

  /**
   * Of a unit: the time that servers take for it, so that classes compare, by what was promised.
   */
  private double worth(WorkClass work) {
    double promise =
        switch (work.standing()) {
          case GOLD -> 100;
          case SILVER -> 10;
          case BRONZE -> 1;
        };
    double rate =
        inputs.chips().stream()
            .mapToDouble((Chip chip) -> chip.rate(work.name()))
            .filter(each -> each > 0)
            .average()
            .orElse(1);
    return promise / rate;
  }
}
