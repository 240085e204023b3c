package io.yuntai.planner.plan;

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
    double riskTail) {
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
