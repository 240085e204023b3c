package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Contract;
import io.yuntai.planner.plan.LoadBlock;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.program.ProgramBuilder;

/** Capacity of others: by the hour, for a term, or by the unit. */
final class ContractPart {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private final ProgramAssembly assembly;
  private final ProgramBuilder builder;
  private final ServicePart service;

  ContractPart(ProgramAssembly assembly, ServicePart service) {
    this.assembly = assembly;
    builder = assembly.builder;
    this.service = service;
  }

  void add() {
    for (int c = 0; c < assembly.inputs.contracts().size(); c++) {
      Contract contract = assembly.inputs.contracts().get(c);
      for (Node node : assembly.tree.nodes()) {
        if (contract.kind() == Contract.Kind.RESERVED && assembly.isBuilding(node)) {
          term(c, contract, node);
        }
      }
      for (Node node : assembly.tree.nodes()) {
        int active = active(c, contract, node);
        for (int k = 0; k < assembly.inputs.blocks().size(); k++) {
          block(c, k, contract, node, active);
        }
      }
    }
  }

  private void term(int c, Contract contract, Node node) {
    String name = "term of %s from %s".formatted(contract.name(), assembly.when(node));
    int column = builder.column(name, 0, 0, INFINITE, false);
    assembly.columns.commitment[c][node.index()] = column;
    int end =
        Math.min(assembly.inputs.horizon().length(), node.quarter() + contract.termQuarters());
    double hourly = contract.price().at(node.quarter()) / 1e6;
    assembly.money.cost(column, node, contract.upfront());
    for (int t = node.quarter(); t < end; t++) {
      assembly.money.cost(column, node, t, hourly * assembly.hours());
    }
  }

  /** A column of the servers that are reserved at a node; -1 where the kind has none. */
  private int active(int c, Contract contract, Node node) {
    if (contract.kind() != Contract.Kind.RESERVED) {
      return -1;
    }
    String name = "servers of %s in %s".formatted(contract.name(), assembly.when(node));
    double most = contract.most().at(node.quarter());
    int column = builder.column(name, 0, 0, INFINITE, false);
    int row = builder.row(name, 0, 0);
    builder.entry(row, column, -1);
    for (int back = 0; back < contract.termQuarters(); back++) {
      Node begun = assembly.tree.before(node, back);
      if (begun == null) {
        break;
      }
      int term = assembly.columns.commitment[c][begun.index()];
      if (term >= 0) {
        builder.entry(row, term, 1);
      }
    }
    if (Double.isFinite(most)) {
      int limit = builder.row("most " + name, Double.NEGATIVE_INFINITY, most);
      builder.entry(limit, column, 1);
      assembly.limit(limit, "most " + name, "servers", most, 1);
    }
    return column;
  }

  private void block(int c, int k, Contract contract, Node node, int active) {
    LoadBlock block = assembly.inputs.blocks().get(k);
    String name = "%s in %s, %s".formatted(contract.name(), assembly.when(node), block.name());
    boolean reserved = contract.kind() == Contract.Kind.RESERVED;
    double most = reserved ? 0 : contract.most().at(node.quarter());
    int limit = -1;
    if (Double.isFinite(most)) {
      limit = builder.row("most of " + name, Double.NEGATIVE_INFINITY, most);
      if (reserved) {
        builder.entry(limit, active, -1);
      } else {
        String unit = contract.kind() == Contract.Kind.API ? "units/s" : "servers";
        assembly.limit(limit, "most of " + name, unit, most, 1);
      }
    }
    for (int w = 0; w < assembly.inputs.classes().size(); w++) {
      work(c, w, k, contract, node, limit);
    }
  }

  private void work(int c, int w, int k, Contract contract, Node node, int limit) {
    WorkClass work = assembly.inputs.classes().get(w);
    LoadBlock block = assembly.inputs.blocks().get(k);
    int capacity = -1;
    for (int r = 0; r < assembly.inputs.regions().size(); r++) {
      String region = assembly.inputs.regions().get(r);
      if (service.demandRows()[w][r][k][node.index()] < 0
          || !contract.serves(work.name(), region)
          || !assembly.inputs.rules().mayServe(work.name(), region, contract.name())) {
        continue;
      }
      int place = assembly.inputs.sites().size() + c;
      double factor = contract.price().at(node.quarter());
      double rate = contract.unitsPerSecond().getOrDefault(work.name(), 0.0);
      boolean api = contract.kind() == Contract.Kind.API;
      int flow = service.flow(w, r, place, k, node, contract.name(), api ? factor * rate : 0);
      if (api) {
        if (limit >= 0) {
          builder.entry(limit, flow, assembly.unit[w]);
        }
        continue;
      }
      if (capacity < 0) {
        String name =
            "%s for %s in %s, %s"
                .formatted(contract.name(), work.name(), assembly.when(node), block.name());
        capacity = builder.row("capacity " + name, Double.NEGATIVE_INFINITY, 0);
        int hired = builder.column(name, 0, 0, INFINITE, false);
        assembly.columns.hired[w][c][k][node.index()] = hired;
        builder.entry(capacity, hired, -rate / assembly.unit[w]);
        if (limit >= 0) {
          builder.entry(limit, hired, 1 / work.usableLoad());
        }
        if (contract.kind() == Contract.Kind.ON_DEMAND) {
          double hour = factor / 1e6 / work.usableLoad();
          assembly.money.cost(hired, node, hour * block.hours());
        }
      }
      builder.entry(capacity, flow, 1);
    }
  }
}
