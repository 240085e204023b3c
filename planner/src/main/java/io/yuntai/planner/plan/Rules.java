package io.yuntai.planner.plan;

import io.yuntai.planner.PlannerException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must and must not be.
 *
 * @param goal what a plan is good for
 * @param banned chips that may not go to sites
 * @param residency where work must be done
 * @param vendorShare most of all installed power at the end of the plan that may be of a vendor's
 *     servers
 * @param siteLoss whether after the loss of any one site the others carry what was promised, in
 *     peak blocks
 * @param leastRenewable share of all power in a quarter
 * @param mostCarbon tonnes in a quarter
 * @param riskWeight share of the goal that is the mean of the worst scenarios (CVaR) instead of the
 *     mean of all
 * @param riskTail probability of those worst scenarios
 * @param aims goals one before the other, each as good as it can be where those before it are kept;
 *     empty where only {@code goal} counts, which otherwise is the first of value and cost in them
 * @param aimTolerance share by which each of them may be missed for the sake of those after it
 */
public record Rules(
    Goal goal,
    Set<Ban> banned,
    List<Residency> residency,
    Map<String, Double> vendorShare,
    boolean siteLoss,
    double leastRenewable,
    Series mostCarbon,
    double riskWeight,
    double riskTail,
    List<Aim> aims,
    double aimTolerance) {
  /** What a plan is good for. */
  public enum Goal {
    /** Net present value with revenue. */
    VALUE,
    /** Least cost; revenue does not count, penalties do. */
    COST,
    /** Units served, of equal worth by their prices, within limits of money. */
    SERVICE
  }

  /** A chip that may not go to a site. */
  public record Ban(String chip, String site) {}

  /** Work of a class for a region that may be done in these sites and contracts only. */
  public record Residency(String workClass, String region, Set<String> allowed) {
    /** Copies. */
    public Residency {
      allowed = Set.copyOf(allowed);
    }
  }

  /** Checks the ranges. */
  public Rules {
    banned = Set.copyOf(banned);
    residency = List.copyOf(residency);
    vendorShare = Map.copyOf(vendorShare);
    vendorShare.forEach((vendor, share) -> Cells.share("rules.vendorShare." + vendor, share));
    Cells.share("rules.leastRenewable", leastRenewable);
    mostCarbon.check("rules.mostCarbon", 0, Double.POSITIVE_INFINITY);
    Cells.share("rules.riskWeight", riskWeight);
    Cells.share("rules.riskTail", riskTail);
    Cells.positive("rules.riskTail", riskTail);
    aims = List.copyOf(aims);
    Cells.range("rules.goalsTolerance", aimTolerance, 0, 0.5);
    if (!aims.isEmpty()) {
      checkAims(goal, aims, riskWeight);
    }
  }

  /** With one goal. */
  public Rules(
      Goal goal,
      Set<Ban> banned,
      List<Residency> residency,
      Map<String, Double> vendorShare,
      boolean siteLoss,
      double leastRenewable,
      Series mostCarbon,
      double riskWeight,
      double riskTail) {
    this(
        goal,
        banned,
        residency,
        vendorShare,
        siteLoss,
        leastRenewable,
        mostCarbon,
        riskWeight,
        riskTail,
        List.of(),
        0);
  }

  private static void checkAims(Goal goal, List<Aim> aims, double riskWeight) {
    Cells.distinct("rules.goals", aims.stream().map(Aim::text).toList());
    Aim money =
        aims.stream()
            .filter(aim -> aim == Aim.VALUE || aim == Aim.COST)
            .findFirst()
            .orElseThrow(() ->
                new PlannerException(
                    "rules.goals",
                    null,
                    "rules.goals has neither value nor cost; add one, so that plans which are as good in all else are told apart by money."));
    if (goal != (money == Aim.VALUE ? Goal.VALUE : Goal.COST)) {
      throw new PlannerException(
          "rules.goal",
          null,
          "rules.goal is %s where rules.goals has %s first; leave it out."
              .formatted(goal.name().toLowerCase(java.util.Locale.ROOT), money.text()));
    }
    if (riskWeight > 0) {
      throw new PlannerException(
          "rules.riskWeight",
          null,
          "rules.riskWeight is %s, which goes with one goal only; with several let risk be one of them."
              .formatted(riskWeight));
    }
  }

  /** The same with goals one before the other; none where only the goal itself counts. */
  public Rules with(List<Aim> other, double tail) {
    return new Rules(
        goal,
        banned,
        residency,
        vendorShare,
        siteLoss,
        leastRenewable,
        mostCarbon,
        riskWeight,
        tail,
        other,
        aimTolerance);
  }

  /** Whether the mean of the worst scenarios matters. */
  public boolean watchesRisk() {
    return riskWeight > 0 || aims.contains(Aim.RISK);
  }

  /** The same where the future is certain, so that risk has no meaning. */
  public Rules withoutRisk() {
    return new Rules(
        goal,
        banned,
        residency,
        vendorShare,
        siteLoss,
        leastRenewable,
        mostCarbon,
        0,
        riskTail,
        aims.stream().filter(aim -> aim != Aim.RISK).toList(),
        aimTolerance);
  }

  /** The same with another goal of money, and without an order of goals. */
  public Rules with(Goal other) {
    return new Rules(
        other,
        banned,
        residency,
        vendorShare,
        siteLoss,
        leastRenewable,
        mostCarbon,
        riskWeight,
        riskTail);
  }

  /** No rule but the goal. */
  public static Rules none(Goal goal) {
    return new Rules(goal, Set.of(), List.of(), Map.of(), false, 0, Series.UNLIMITED, 0, 0.1);
  }

  /** Whether a rule on residency lets a site or contract do work. */
  public boolean mayServe(String workClass, String region, String place) {
    return residency.stream()
        .filter(rule -> rule.workClass.equals(workClass) && rule.region.equals(region))
        .allMatch(rule -> rule.allowed.contains(place));
  }
}
