package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Counterfactual;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why not the next best: each of a plan's dearest decisions is forbidden, and the plan made anew.
 * What that plan is worth less is what the decision is worth; what it does more of is the next
 * best.
 */
final class NextBest {
  private final Questioned asked;
  private final Plan plan;

  /** A phase of a site, or servers of a chip for a site, and what is paid for them, in millions. */
  private record Decided(int site, int phase, int chip, double outlay) {}

  NextBest(Questioned asked) {
    this.asked = asked;
    plan = asked.plan();
  }

  /** For the dearest decisions. */
  List<Counterfactual> find(int most) {
    Settled settled = asked.settled();
    if (!settled.solution().hasPoint()) {
      return List.of();
    }
    Map<String, Double> before = amounts(settled.solution());
    return decided().stream()
        .sorted(Comparator.comparingDouble((Decided one) -> -one.outlay))
        .limit(most)
        .map(one -> without(one, before))
        .toList();
  }

  private List<Decided> decided() {
    PlanInputs inputs = plan.inputs();
    List<Decided> all = new ArrayList<>();
    for (int s = 0; s < inputs.sites().size(); s++) {
      String site = inputs.sites().get(s).name();
      for (int p = 0; p < inputs.sites().get(s).phases().size(); p++) {
        String phase = inputs.sites().get(s).phases().get(p).name();
        if (plan.decisions().phases().stream()
            .anyMatch(one -> one.site().equals(site) && one.phase().equals(phase))) {
          all.add(new Decided(s, p, -1, inputs.sites().get(s).phases().get(p).price()));
        }
      }
      for (int h = 0; h < inputs.chips().size(); h++) {
        String chip = inputs.chips().get(h).name();
        double outlay = 0;
        for (Decisions.Order order : plan.decisions().orders()) {
          if (order.site().equals(site) && order.chip().equals(chip)) {
            outlay += order.servers() * inputs.chips().get(h).price().at(order.quarter());
          }
        }
        if (outlay > 0) {
          all.add(new Decided(s, -1, h, outlay));
        }
      }
    }
    return all;
  }

  private Counterfactual without(Decided one, Map<String, Double> before) {
    PlanProgram program = asked.settled().program();
    LinearProgram all = asked.program();
    double[] upper = all.upper().clone();
    double[] x = asked.point().clone();
    int[][] columns =
        one.phase < 0
            ? new int[][] {program.columns().order[one.chip][one.site]}
            : program.columns().phase[one.site];
    for (int p = Math.max(0, one.phase); p < columns.length; p++) {
      for (int column : columns[p]) {
        if (column >= 0) {
          upper[column] = 0;
          x[column] = 0;
        }
      }
    }
    LinearProgram forbidden = all.withBounds(all.lower(), upper);
    Solution other = asked.solve(asked.isLarge() ? forbidden.withWholeAt(x) : forbidden);
    String what = name(one);
    if (!other.hasPoint()) {
      return new Counterfactual(
          what, Double.POSITIVE_INFINITY, "Without %s no plan keeps all limits.".formatted(what));
    }
    double loss = Math.max(0, other.cost() - asked.settled().solution().cost());
    return new Counterfactual(
        what,
        loss,
        "Without %s a plan is worth %s million %s less%s%s."
            .formatted(
                what,
                String.format(Locale.ROOT, "%.4g", loss),
                plan.inputs().finance().currency(),
                asked.isLarge() ? " at most, with the other halls as they are" : "",
                more(before, amounts(other))));
  }

  private String name(Decided one) {
    PlanInputs inputs = plan.inputs();
    String site = inputs.sites().get(one.site).name();
    return one.phase >= 0
        ? "%s of %s".formatted(inputs.sites().get(one.site).phases().get(one.phase).name(), site)
        : "%s for %s".formatted(inputs.chips().get(one.chip).name(), site);
  }

  /** Megawatts, servers and terms that are decided, by what they are. */
  private Map<String, Double> amounts(Solution solution) {
    Decisions decisions = DecisionReader.read(asked.settled().program(), solution.x(), List.of());
    Map<String, Double> sums = new TreeMap<>();
    decisions
        .phases()
        .forEach(
            one -> sums.merge("%s of %s".formatted(one.phase(), one.site()), 1.0, Double::sum));
    decisions
        .orders()
        .forEach(one ->
            sums.merge("%s for %s".formatted(one.chip(), one.site()), one.servers(), Double::sum));
    decisions
        .commitments()
        .forEach(one -> sums.merge("terms of " + one.contract(), one.servers(), Double::sum));
    decisions
        .busy()
        .forEach(one -> {
          if (one.chip().isEmpty()) {
            sums.merge("work by " + one.place(), one.servers(), Double::sum);
          }
        });
    return sums;
  }

  private static String more(Map<String, Double> before, Map<String, Double> after) {
    String most = "";
    double share = 0.01;
    for (Map.Entry<String, Double> one : after.entrySet()) {
      double had = before.getOrDefault(one.getKey(), 0.0);
      double grown = (one.getValue() - had) / one.getValue();
      if (one.getValue() - had > 1e-6 && grown > share) {
        share = grown;
        most = one.getKey();
      }
    }
    return most.isEmpty()
        ? ", and serves less"
        : "; the next best is more of %s (%.4g, not %.4g)"
            .formatted(most, after.get(most), before.getOrDefault(most, 0.0));
  }
}
