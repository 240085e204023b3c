package io.yuntai.planner.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Which scenarios are still one in a quarter. A node is a quarter of scenarios that are; what is
 * decided belongs to a node, which is named by the first of its scenarios.
 */
public final class ScenarioTree {
  private final List<Node> nodes = new ArrayList<>();
  private final Node[][] byScenario;
  private final List<Scenario> scenarios;

  /**
   * A quarter of scenarios that are still one.
   *
   * @param index among all nodes, by quarter
   * @param quarter counted from 0
   * @param scenario the first of its scenarios
   * @param parent index of the node before; -1 in the first quarter
   * @param probability of all its scenarios
   */
  public record Node(int index, int quarter, Scenario scenario, int parent, double probability) {}

  ScenarioTree(List<Scenario> scenarios, int quarters) {
    this.scenarios = scenarios;
    byScenario = new Node[scenarios.size()][quarters];
    for (int t = 0; t < quarters; t++) {
      for (int s = 0; s < scenarios.size(); s++) {
        int first = representative(s, t);
        if (first == s) {
          int parent = t == 0 ? -1 : byScenario[s][t - 1].index;
          Node node = new Node(nodes.size(), t, scenarios.get(s), parent, probability(s, t));
          nodes.add(node);
          byScenario[s][t] = node;
        } else {
          byScenario[s][t] = byScenario[first][t];
        }
      }
    }
  }

  private int representative(int scenario, int quarter) {
    int at = scenario;
    while (!scenarios.get(at).splitsFrom().isEmpty()
        && quarter < scenarios.get(at).splitQuarter()) {
      at = index(scenarios.get(at).splitsFrom());
    }
    return at;
  }

  private int index(String name) {
    for (int s = 0; s < scenarios.size(); s++) {
      if (scenarios.get(s).name().equals(name)) {
        return s;
      }
    }
    throw new IllegalStateException(name);
  }

  private double probability(int representative, int quarter) {
    double sum = 0;
    for (int s = 0; s < scenarios.size(); s++) {
      if (representative(s, quarter) == representative) {
        sum += scenarios.get(s).probability();
      }
    }
    return sum;
  }

  /** All nodes, a node after its parent. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The node of a scenario in a quarter. */
  public Node node(int scenario, int quarter) {
    return byScenario[scenario][quarter];
  }

  /** The node of a scenario in a quarter. */
  public Node node(String scenario, int quarter) {
    return byScenario[index(scenario)][quarter];
  }

  /** The nodes of a later quarter that a node may lead to. */
  public List<Node> after(Node node, int quarter) {
    List<Node> result = new ArrayList<>();
    for (int s = 0; s < scenarios.size(); s++) {
      Node later = byScenario[s][quarter];
      if (byScenario[s][node.quarter].index == node.index && !result.contains(later)) {
        result.add(later);
      }
    }
    return result;
  }

  /** Whether a scenario goes through a node. */
  public boolean passes(int scenario, Node node) {
    return byScenario[scenario][node.quarter].index == node.index;
  }

  /** The node so many quarters before; null where that is before the plan. */
  public @org.jspecify.annotations.Nullable Node before(Node node, int quarters) {
    Node at = node;
    for (int i = 0; i < quarters; i++) {
      if (at.parent < 0) {
        return null;
      }
      at = nodes.get(at.parent);
    }
    return at;
  }
}
