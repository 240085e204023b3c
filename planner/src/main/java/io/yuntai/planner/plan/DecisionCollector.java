package io.yuntai.planner.plan;

import java.util.ArrayList;
import java.util.List;

/** Collects decisions of all kinds as they come, each kind in its order. */
public final class DecisionCollector {
  private final List<Decisions.PhaseStart> phases = new ArrayList<>();
  private final List<Decisions.Order> orders = new ArrayList<>();
  private final List<Decisions.Retirement> retirements = new ArrayList<>();
  private final List<Decisions.Commitment> commitments = new ArrayList<>();
  private final List<Decisions.Work> work = new ArrayList<>();
  private final List<Decisions.Busy> busy = new ArrayList<>();
  private final List<Decisions.Unserved> unserved = new ArrayList<>();
  private final List<Decisions.AfterLoss> afterLoss = new ArrayList<>();
  private final List<Decisions.Credit> credit = new ArrayList<>();

  /** Adds one. */
  public void add(Decisions.One one) {
    switch (one) {
      case Decisions.PhaseStart it -> phases.add(it);
      case Decisions.Order it -> orders.add(it);
      case Decisions.Retirement it -> retirements.add(it);
      case Decisions.Commitment it -> commitments.add(it);
      case Decisions.Work it -> work.add(it);
      case Decisions.Busy it -> busy.add(it);
      case Decisions.Unserved it -> unserved.add(it);
      case Decisions.AfterLoss it -> afterLoss.add(it);
      case Decisions.Credit it -> credit.add(it);
    }
  }

  /** What was collected so far. */
  public Decisions decisions() {
    return new Decisions(
        phases, orders, retirements, commitments, work, busy, unserved, afterLoss, credit);
  }
}
