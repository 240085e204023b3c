package io.yuntai.planner.futures;

import io.yuntai.planner.plan.Demand;
import io.yuntai.planner.plan.Scenario;
import java.util.List;

/**
 * What may come.
 *
 * @param scenarios the first is what is expected
 * @param demand with lines of their own for scenarios that differ
 */
public record Futures(List<Scenario> scenarios, Demand demand) {
  /** Copies. */
  public Futures {
    scenarios = List.copyOf(scenarios);
  }
}
