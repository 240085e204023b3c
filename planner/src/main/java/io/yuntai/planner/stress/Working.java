package io.yuntai.planner.stress;

import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.Decisions;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.statements.Stocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is built, ordered and reserved, working for another demand or at another rate: all work of a
 * block grows or shrinks alike, as far as servers in stock and contracts carry it; the rest is not
 * served. It can be done so; it may not be the best way.
 */
final class Working {
  private final PlanInputs inputs;
  private final Decisions decisions;
  private final double demand;
  private final double effort;
  private final Map<Key, Double> loads = new HashMap<>();
  private final Map<String, Stocks> stocksBy = new HashMap<>();

  /** What a place's servers carry in a block; the chip is empty for contracts. */
  private record Key(String scenario, int quarter, String block, String place, String chip) {}

  private record Asked(
      String workClass, String region, String block, int quarter, String scenario) {}

  /**
   * Of a plan's decisions.
   *
   * @param demand by what demand is multiplied
   * @param rate by what the rate of servers of one's own is
   */
  Working(PlanInputs inputs, Decisions decisions, double demand, double rate) {
    this.inputs = inputs;
    this.decisions = decisions;
    this.demand = demand;
    this.effort = 1 / rate;
    for (Decisions.Busy one : decisions.busy()) {
      double usable = inputs.workClass(one.workClass()).usableLoad();
      Key key = new Key(one.scenario(), one.quarter(), one.block(), one.place(), one.chip());
      loads.merge(key, one.servers() / usable, Double::sum);
    }
    for (Decisions.Work one : decisions.work()) {
      if (isApi(one.place())) {
        Key key = new Key(one.scenario(), one.quarter(), one.block(), one.place(), "");
        loads.merge(key, one.unitsPerSecond(), Double::sum);
      }
    }
  }

  private boolean isApi(String place) {
    return inputs.contracts().stream()
        .anyMatch(one -> one.name().equals(place) && one.kind() == Contract.Kind.API);
  }

  /** The decisions with work, busy servers and unserved work as they become. */
  Decisions decisions() {
    Map<String, double[]> factors = new HashMap<>();
    for (Node node : inputs.tree().nodes()) {
      factors.put(
          node.scenario().name() + '\n' + node.quarter(),
          inputs.blocks().stream().mapToDouble(block -> factor(node, block.name())).toArray());
    }
    List<Decisions.Work> work = new ArrayList<>();
    for (Decisions.Work one : decisions.work()) {
      double units =
          one.unitsPerSecond()
              * of(factors, one.workClass(), one.scenario(), one.quarter(), one.block());
      work.add(
          new Decisions.Work(
              one.workClass(),
              one.region(),
              one.place(),
              one.block(),
              one.quarter(),
              one.scenario(),
              units));
    }
    List<Decisions.Busy> busy = new ArrayList<>();
    for (Decisions.Busy one : decisions.busy()) {
      double servers =
          one.servers()
              * of(factors, one.workClass(), one.scenario(), one.quarter(), one.block())
              * (one.chip().isEmpty() ? 1 : effort);
      busy.add(
          new Decisions.Busy(
              one.workClass(),
              one.place(),
              one.chip(),
              one.block(),
              one.quarter(),
              one.scenario(),
              servers));
    }
    return new Decisions(
        decisions.phases(),
        decisions.orders(),
        decisions.retirements(),
        decisions.commitments(),
        work,
        busy,
        unserved(factors),
        List.of(),
        decisions.credit());
  }

  private List<Decisions.Unserved> unserved(Map<String, double[]> factors) {
    Map<Asked, Double> all = new LinkedHashMap<>();
    for (Node node : inputs.tree().nodes()) {
      for (WorkClass work : inputs.classes()) {
        for (String region : inputs.regions()) {
          for (LoadBlock block : inputs.blocks()) {
            String scenario = node.scenario().name();
            double factor = of(factors, work.name(), scenario, node.quarter(), block.name());
            double asked =
                inputs
                    .demand()
                    .at(work.name(), region, block.name(), node.quarter(), node.scenario());
            all.put(
                new Asked(work.name(), region, block.name(), node.quarter(), scenario),
                Math.max(0, demand - factor) * asked);
          }
        }
      }
    }
    for (Decisions.Unserved one : decisions.unserved()) {
      double factor = of(factors, one.workClass(), one.scenario(), one.quarter(), one.block());
      all.merge(
          new Asked(one.workClass(), one.region(), one.block(), one.quarter(), one.scenario()),
          factor * one.unitsPerSecond(),
          Double::sum);
    }
    List<Decisions.Unserved> unserved = new ArrayList<>();
    all.forEach((key, units) -> {
      if (units > 0) {
        unserved.add(
            new Decisions.Unserved(
                key.workClass, key.region, key.block, key.quarter, key.scenario, units));
      }
    });
    return unserved;
  }

  /** Work that may wait for another block has the least factor of all of them. */
  private double of(
      Map<String, double[]> factors, String work, String scenario, int quarter, String block) {
    double[] byBlock = factors.getOrDefault(scenario + '\n' + quarter, new double[] {demand});
    if (inputs.workClass(work).movable()) {
      return Arrays.stream(byBlock).min().orElse(demand);
    }
    for (int k = 0; k < byBlock.length; k++) {
      if (inputs.blocks().get(k).name().equals(block)) {
        return byBlock[k];
      }
    }
    return demand;
  }

  /** By what all work of a block can be multiplied, at most by what demand is. */
  private double factor(Node node, String block) {
    double factor = demand;
    for (Map.Entry<Key, Double> one : loads.entrySet()) {
      Key key = one.getKey();
      if (key.block.equals(block)
          && key.quarter == node.quarter()
          && key.scenario.equals(node.scenario().name())
          && one.getValue() > 0) {
        // A plan that was found keeps its limits; rounding must not make less of it.
        double room = Math.max(1, capacity(key) / one.getValue());
        factor = Math.min(factor, key.chip.isEmpty() ? room : room / effort);
      }
    }
    return factor;
  }

  private double capacity(Key key) {
    Stocks stocks =
        stocksBy.computeIfAbsent(key.scenario, name -> new Stocks(inputs, decisions, name));
    if (!key.chip.isEmpty()) {
      return stocks.stock(key.chip, key.place, key.quarter).doubleValue();
    }
    Contract contract = inputs.contract(key.place);
    if (contract.kind() != Contract.Kind.RESERVED) {
      return contract.most().at(key.quarter);
    }
    double active = 0;
    for (Decisions.Commitment one : decisions.commitments()) {
      int age = key.quarter - one.quarter();
      if (one.contract().equals(key.place)
          && age >= 0
          && age < contract.termQuarters()
          && stocks.holds(one.scenario(), one.quarter())) {
        active += one.servers();
      }
    }
    return active;
  }
}
