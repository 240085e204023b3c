package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.program.ProgramBuilder;
import java.util.Arrays;

/**
 * Money: what columns add to the goal, to budgets, to cash, and to the value of each scenario.
 *
 * <p>Tax is linear, since losses are set against other profits: a cost lowers the flow by what is
 * left of it after tax, and depreciation raises it by the tax that it saves.
 */
final class MoneyPart {
  private static final double MILLION = 1e6;

  /**
   * The weight of money where service is the goal: it decides between plans that serve the same.
   */
  private static final double TIE = 1e-4;

  private final ProgramAssembly assembly;
  private final ProgramBuilder builder;
  private final Finance finance;
  private final Rules rules;
  private final double kept;
  private final int[] budgetRow;
  private final int[] totalRow;
  private final int[] cashRow;
  private final int[] valueRow;

  MoneyPart(ProgramAssembly assembly) {
    this.assembly = assembly;
    builder = assembly.builder;
    finance = assembly.inputs.finance();
    rules = assembly.inputs.rules();
    kept = 1 - finance.taxRate();
    budgetRow = new int[assembly.tree.nodes().size()];
    totalRow = new int[assembly.inputs.scenarios().size()];
    cashRow = new int[budgetRow.length];
    valueRow = new int[totalRow.length];
    Arrays.fill(budgetRow, -1);
    Arrays.fill(totalRow, -1);
    Arrays.fill(cashRow, -1);
    Arrays.fill(valueRow, -1);
    rows();
  }

  private void rows() {
    for (Node node : assembly.tree.nodes()) {
      double budget = finance.budget().at(node.quarter());
      if (Double.isFinite(budget)) {
        String name = "budget of " + assembly.when(node);
        budgetRow[node.index()] = builder.row(name, Double.NEGATIVE_INFINITY, budget);
        assembly.limit(budgetRow[node.index()], name, millions(), budget, 1);
      }
      if (finance.watchesCash()) {
        cashRow[node.index()] = builder.row("cash of " + assembly.when(node), 0, 0);
      }
    }
    for (int s = 0; s < totalRow.length; s++) {
      String scenario = assembly.inputs.scenarios().get(s).name();
      if (Double.isFinite(finance.totalBudget())) {
        String name = totalRow.length == 1 ? "budget in all" : "budget in all of " + scenario;
        totalRow[s] = builder.row(name, Double.NEGATIVE_INFINITY, finance.totalBudget());
        assembly.limit(totalRow[s], name, millions(), finance.totalBudget(), 1);
      }
      if (rules.watchesRisk()) {
        valueRow[s] = builder.row("value of " + scenario, 0, 0);
      }
    }
  }

  private String millions() {
    return "million " + finance.currency();
  }

  /** Revenue of a unit a second in so many hours, at a price of a million units; in millions. */
  static double ofUnits(double price, double hours) {
    return price * hours * 3600 / MILLION / MILLION;
  }

  /** A column earns in the quarter of a node. */
  void revenue(int column, Node node, double amount) {
    switch (rules.goal()) {
      case VALUE -> flow(column, node, amount * kept);
      case COST -> {}
      case SERVICE -> {
        builder.cost(column, -node.probability() * finance.discount(node.quarter()) * amount);
        cash(column, node, amount * kept);
      }
    }
    if (rules.goal() == Rules.Goal.COST) {
      cash(column, node, amount * kept);
    }
  }

  /** A column costs in the quarter of a node. */
  void cost(int column, Node node, double amount) {
    flow(column, node, -amount * kept);
  }

  /** A column decided at a node costs in a quarter, whatever comes. */
  void cost(int column, Node decided, int quarter, double amount) {
    for (Node node : assembly.tree.after(decided, quarter)) {
      cost(column, node, amount);
    }
  }

  /** A column decided at a node is written off by so much in a quarter. */
  void depreciation(int column, Node decided, int quarter, double amount) {
    for (Node node : assembly.tree.after(decided, quarter)) {
      flow(column, node, amount * finance.taxRate());
    }
  }

  /** A column decided at a node has something paid for an asset in a quarter. */
  void capital(int column, Node decided, int quarter, double amount) {
    if (amount == 0 || quarter >= assembly.inputs.horizon().length()) {
      return;
    }
    for (Node node : assembly.tree.after(decided, quarter)) {
      flow(column, node, -amount);
      if (budgetRow[node.index()] >= 0) {
        builder.entry(budgetRow[node.index()], column, amount);
      }
    }
    for (int s = 0; s < totalRow.length; s++) {
      if (totalRow[s] >= 0 && assembly.tree.passes(s, decided)) {
        builder.entry(totalRow[s], column, amount);
      }
    }
  }

  /** A column is worth something at the end in a scenario, after tax. */
  void endValue(int column, int scenario, double amount) {
    double probability = assembly.inputs.scenarios().get(scenario).probability();
    double now = amount * finance.discountAtEnd(assembly.inputs.horizon().length());
    builder.cost(column, -probability * now * weight());
    if (valueRow[scenario] >= 0) {
      builder.entry(valueRow[scenario], column, now);
    }
  }

  private double weight() {
    return (1 - rules.riskWeight()) * (rules.goal() == Rules.Goal.SERVICE ? TIE : 1);
  }

  private void flow(int column, Node node, double amount) {
    double now = finance.discount(node.quarter()) * amount;
    builder.cost(column, -node.probability() * now * weight());
    for (int s = 0; s < valueRow.length; s++) {
      if (valueRow[s] >= 0 && assembly.tree.passes(s, node)) {
        builder.entry(valueRow[s], column, now);
      }
    }
    cash(column, node, amount);
  }

  private void cash(int column, Node node, double amount) {
    if (cashRow[node.index()] >= 0) {
      builder.entry(cashRow[node.index()], column, amount);
    }
  }

  /** Cash from quarter to quarter, the credit line, and the worst scenarios' mean. */
  void finish() {
    if (finance.watchesCash()) {
      for (Node node : assembly.tree.nodes()) {
        cashOf(node);
      }
    }
    if (rules.watchesRisk()) {
      tail();
    }
  }

  /** {@code flow + cash before + credit - credit before - cash = 0}. */
  private void cashOf(Node node) {
    int row = cashRow[node.index()];
    double credit = finance.creditLine();
    int drawn = builder.column("credit of " + assembly.when(node), 0, 0, credit, false);
    assembly.columns.credit[node.index()] = drawn;
    builder.entry(row, drawn, 1);
    cost(drawn, node, finance.interestPerYear() / 4);
    int balance =
        builder.column(
            "balance of " + assembly.when(node),
            0,
            finance.cashFloor(),
            Double.POSITIVE_INFINITY,
            false);
    assembly.columns.balance[node.index()] = balance;
    builder.entry(row, balance, -1);
    if (node.parent() < 0) {
      builder.shiftRow(row, -finance.openingCash());
    }
    for (Node later : assembly.tree.nodes()) {
      if (later.parent() == node.index()) {
        builder.entry(cashRow[later.index()], balance, 1);
        builder.entry(cashRow[later.index()], drawn, -1);
      }
    }
  }

  /** R. Rockafellar and S. Uryasev, 2000: the mean of the worst as the best of a threshold. */
  private void tail() {
    double weight = rules.riskWeight();
    int threshold =
        builder.column(
            "risk threshold", -weight, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
    assembly.columns.threshold = threshold;
    for (int s = 0; s < valueRow.length; s++) {
      String name = assembly.inputs.scenarios().get(s).name();
      double share = assembly.inputs.scenarios().get(s).probability() / rules.riskTail();
      int below =
          builder.column(
              "shortfall of " + name, weight * share, 0, Double.POSITIVE_INFINITY, false);
      assembly.columns.shortfall[s] = below;
      int value =
          builder.column(
              "value of " + name, 0, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
      builder.entry(valueRow[s], value, -1);
      int row = builder.row("tail of " + name, 0, Double.POSITIVE_INFINITY);
      builder.entry(row, value, 1);
      builder.entry(row, below, 1);
      builder.entry(row, threshold, -1);
    }
  }
}
