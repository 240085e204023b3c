package io.yuntai.planner.capacity;

import io.yuntai.planner.PlannerException;

/** What it takes that the loss of any one site of several equal ones is no loss. */
public final class SiteLoss {
  private SiteLoss() {}

  /** All that is built, by what is needed. */
  public static double overbuild(int sites) {
    if (sites < 2) {
      throw new PlannerException(
          "One site of %d can't be lost without loss; it takes 2 sites at least.".formatted(sites));
    }
    return sites / (sites - 1.0);
  }
}
