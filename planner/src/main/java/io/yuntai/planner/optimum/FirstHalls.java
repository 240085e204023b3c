package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.Phase;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.Site;
import io.yuntai.planner.plan.WorkClass;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Halls to begin with, without a linear program: enough power for what is asked for, from the
 * cheapest sites on, each quarter what will be short when it opens. It forgets who may serve whom,
 * so it is only where a search begins.
 */
final class FirstHalls {
  /** The share of a quarter's budget that halls may take; servers need more. */
  private static final double HALLS = 0.4;

  private final PlanProgram plan;
  private final PlanInputs inputs;
  private final int[] order;
  private final double[] x;
  private final double[][] spent;

  private FirstHalls(PlanProgram plan) {
    this.plan = plan;
    inputs = plan.inputs();
    x = new double[plan.program().columns()];
    spent = new double[plan.tree().nodes().size()][];
    order =
        IntStream.range(0, inputs.sites().size())
            .boxed()
            .sorted(Comparator.comparingDouble(this::costOfMegawatt))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /**
   * A point of which only the phases count.
   *
   * @param share of the power that is asked for; 0 for no halls
   */
  static double[] of(PlanProgram plan, double share) {
    FirstHalls halls = new FirstHalls(plan);
    if (share > 0) {
      for (Node node : plan.tree().nodes()) {
        halls.begin(node, share);
      }
    }
    return halls.x;
  }

  /** A year, with its power. */
  private double costOfMegawatt(int s) {
    Site site = inputs.sites().get(s);
    double power = 8760 * site.pue() * site.powerPrice().at(0) / 1e6;
    double hall =
        site.phases().isEmpty()
            ? 0
            : site.phases().getFirst().price()
                / site.phases().getFirst().megawatts()
                * 4
                / site.phases().getFirst().bookQuarters();
    return power + hall + site.staffPerMegawattYear() + site.upkeepPerMegawattYear();
  }

  /** Begins what will be short. */
  private void begin(Node node, double share) {
    int parent = node.parent();
    spent[node.index()] =
        parent < 0 ? new double[inputs.horizon().length()] : spent[parent].clone();
    int most = inputs.sites().stream().mapToInt(site -> site.phases().size()).max().orElse(0);
    for (int p = 0; p < most; p++) {
      for (int s : order) {
        if (p < inputs.sites().get(s).phases().size()) {
          decide(node, s, p, share);
        }
      }
    }
  }

  private void decide(Node node, int s, int p, double share) {
    Phase phase = inputs.sites().get(s).phases().get(p);
    int column = plan.columns().phase[s][p][node.index()];
    if (column < 0 || plan.program().upper()[column] < 1 || !plan.program().whole()[column]) {
      return;
    }
    int before = node.parent() < 0 ? -1 : plan.columns().phase[s][p][node.parent()];
    if (before == column || (before >= 0 && x[before] == 1)) {
      x[column] = x[before];
      return;
    }
    int previous = p == 0 ? -1 : plan.columns().phase[s][p - 1][node.index()];
    if (previous >= 0 && x[previous] == 0) {
      return;
    }
    double missing = share * asked(node, phase.leadQuarters()) - begun(node);
    if (missing > phase.megawatts() / 2 && isInBudget(node, phase)) {
      x[column] = 1;
      for (int m = 0; m < phase.milestones().size(); m++) {
        int quarter = Math.min(node.quarter() + m, inputs.horizon().length() - 1);
        spent[node.index()][quarter] += phase.price() * phase.milestones().get(m);
      }
    }
  }

  private boolean isInBudget(Node node, Phase phase) {
    for (int m = 0; m < phase.milestones().size(); m++) {
      int quarter = Math.min(node.quarter() + m, inputs.horizon().length() - 1);
      double outlay = spent[node.index()][quarter] + phase.price() * phase.milestones().get(m);
      if (outlay > HALLS * inputs.finance().budget().at(quarter)) {
        return false;
      }
    }
    double all = phase.price();
    for (double one : spent[node.index()]) {
      all += one;
    }
    return all <= HALLS * inputs.finance().totalBudget();
  }

  /** Power of halls that stand or were begun. */
  private double begun(Node node) {
    double sum = 0;
    for (int s = 0; s < inputs.sites().size(); s++) {
      sum += inputs.sites().get(s).openMegawatts();
      List<Phase> phases = inputs.sites().get(s).phases();
      for (int p = 0; p < phases.size(); p++) {
        int column = plan.columns().phase[s][p][node.index()];
        int before = node.parent() < 0 ? -1 : plan.columns().phase[s][p][node.parent()];
        boolean isBegun = (column >= 0 && x[column] == 1) || (before >= 0 && x[before] == 1);
        sum += isBegun ? phases.get(p).megawatts() : 0;
      }
    }
    return sum;
  }

  /** Megawatts in the busiest block so many quarters later, as one expects it at a node. */
  private double asked(Node node, int later) {
    int quarter = Math.min(node.quarter() + later, inputs.horizon().length() - 1);
    double sum = 0;
    double weight = 0;
    for (Node at : plan.tree().after(node, quarter)) {
      double most = 0;
      for (int k = 0; k < inputs.blocks().size(); k++) {
        most = Math.max(most, asked(at, inputs.blocks().get(k).name()));
      }
      sum += at.probability() * most;
      weight += at.probability();
    }
    int sites = inputs.sites().size();
    double spare = inputs.rules().siteLoss() && sites > 1 ? sites / (sites - 1.0) : 1;
    return weight == 0 ? 0 : sum / weight * spare;
  }

  private double asked(Node node, String block) {
    double megawatts = 0;
    for (WorkClass work : inputs.classes()) {
      double perUnit = megawattsOfUnit(work);
      for (String region : inputs.regions()) {
        megawatts +=
            perUnit
                * inputs.demand().at(work.name(), region, block, node.quarter(), node.scenario());
      }
    }
    return megawatts;
  }

  /** By the chip whose year is cheapest. */
  private double megawattsOfUnit(WorkClass work) {
    double least = Double.POSITIVE_INFINITY;
    double megawatts = 0;
    for (Chip chip : inputs.chips()) {
      double rate = chip.rate(work.name()) * work.usableLoad();
      double cost = (chip.price().at(0) * 4 / chip.bookQuarters() + chip.kilowatts()) / rate;
      if (rate > 0 && cost < least) {
        least = cost;
        megawatts = chip.kilowatts() / 1000 / rate;
      }
    }
    return megawatts;
  }
}
