package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree;
import java.util.Arrays;

/**
 * Which column stands for what. Indices are those of the inputs' lists; nodes are those of the
 * scenario tree; -1 where there is no such column.
 */
final class PlanColumns {
  /** By site, phase, node: begun by then. */
  final int[][][] phase;

  /** By chip, site, node: batches. */
  final int[][][] order;

  /** By chip, site, node: servers. */
  final int[][][] stock;

  /** By chip, site, node: servers that leave. */
  final int[][][] retired;

  /** By chip, site, scenario, quarter of arrival: servers that are there in the end. */
  final int[][][][] left;

  /** By class, chip, site, block, node: servers at work. */
  final int[][][][][] busy;

  /** By class, region, place, block, node: units a second; places are sites, then contracts. */
  final int[][][][][] flow;

  /** By class, contract, block, node: servers at work. */
  final int[][][][] hired;

  /** By contract, node: servers of a term that begins. */
  final int[][] commitment;

  /** By class, region, block, node. */
  final int[][][][] unserved;

  /** By node. */
  final int[] credit;

  /** By node: cash at the end. */
  final int[] balance;

  /** By scenario: by how much it is below the threshold of the worst. */
  final int[] shortfall;

  /** The threshold of the worst scenarios. */
  int threshold = -1;

  PlanColumns(PlanInputs inputs, ScenarioTree tree) {
    int nodes = tree.nodes().size();
    int chips = inputs.chips().size();
    int sites = inputs.sites().size();
    int classes = inputs.classes().size();
    int blocks = inputs.blocks().size();
    int contracts = inputs.contracts().size();
    phase = new int[sites][][];
    for (int s = 0; s < sites; s++) {
      phase[s] = new int[inputs.sites().get(s).phases().size()][nodes];
      for (int[] one : phase[s]) {
        Arrays.fill(one, -1);
      }
    }
    order = filled(chips, sites, nodes);
    stock = filled(chips, sites, nodes);
    retired = filled(chips, sites, nodes);
    left = new int[chips][][][];
    for (int h = 0; h < chips; h++) {
      left[h] = filled(sites, inputs.scenarios().size(), inputs.horizon().length());
    }
    busy = new int[classes][chips][][][];
    flow = new int[classes][inputs.regions().size()][][][];
    hired = new int[classes][][][];
    unserved = new int[classes][][][];
    for (int w = 0; w < classes; w++) {
      for (int h = 0; h < chips; h++) {
        busy[w][h] = filled(sites, blocks, nodes);
      }
      for (int r = 0; r < flow[w].length; r++) {
        flow[w][r] = filled(sites + contracts, blocks, nodes);
      }
      hired[w] = filled(contracts, blocks, nodes);
      unserved[w] = filled(inputs.regions().size(), blocks, nodes);
    }
    commitment = new int[contracts][nodes];
    for (int[] one : commitment) {
      Arrays.fill(one, -1);
    }
    credit = new int[nodes];
    Arrays.fill(credit, -1);
    balance = credit.clone();
    shortfall = new int[inputs.scenarios().size()];
    Arrays.fill(shortfall, -1);
  }

  private static int[][][] filled(int a, int b, int c) {
    int[][][] result = new int[a][b][c];
    for (int[][] plane : result) {
      for (int[] line : plane) {
        Arrays.fill(line, -1);
      }
    }
    return result;
  }
}
