package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Chip;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.ScenarioTree.Node;
import io.yuntai.planner.plan.WorkClass;
import io.yuntai.planner.program.ExtraRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows that the loss of a site needs. A price for each class and region of promised work says what
 * every server is worth at most after a loss: the best that it can do for anybody that its site
 * reaches; what is promised must not be worth more than the servers that are left. Every price
 * gives a row for every loss in every quarter, so prices that one loss told are tried on all
 * others: a solution that is kept from one quarter then can't flee to the next.
 */
final class LossCuts {
  private static final int MOST_PRICES = 400;

  /** For each loss and quarter in one round. */
  private static final int MOST_ROWS = 3;

  private static final double SMALL = 1e-7;

  private final List<double[][]> prices = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final Set<Key> added = new HashSet<>();

  private record Key(int prices, int lost, int block, int node) {}

  /** A row, and by how much a point breaks it, as a share of what is promised. */
  private record Broken(Key key, ExtraRows.Row row, double by) {}

  /** Rows that a point breaks; none where all losses can be borne. */
  ExtraRows of(PlanProgram plan, double[] x) {
    return of(plan, x, new SiteLoss(plan).broken(x));
  }

  /** The same where it is known what is broken. */
  ExtraRows of(PlanProgram plan, double[] x, List<LossProgram> broken) {
    ExtraRows rows = new ExtraRows();
    if (broken.isEmpty()) {
      return rows;
    }
    broken.forEach(one -> remember(one.promisePrices()));
    SiteLoss losses = new SiteLoss(plan);
    losses.forEachLoss(
        x,
        (lost, block, node) -> {
          List<Broken> found = new ArrayList<>();
          for (int i = 0; i < prices.size(); i++) {
            Key key = new Key(i, lost, block, node.index());
            if (!added.contains(key)) {
              Broken row = row(plan, x, key, node);
              if (row.by > SMALL) {
                found.add(row);
              }
            }
          }
          found.sort(Comparator.comparingDouble((Broken one) -> -one.by));
          for (Broken one : found.subList(0, Math.min(MOST_ROWS, found.size()))) {
            added.add(one.key);
            rows.add(one.row);
          }
        });
    if (rows.size() == 0) {
      // Only where prices were too many to be kept, or rounding hides what is missing.
      broken.forEach(one -> rows.add(one.cut()));
    }
    return rows;
  }

  private void remember(double[][] price) {
    if (prices.size() < MOST_PRICES && known.add(Arrays.deepToString(price))) {
      prices.add(price);
    }
  }

  private Broken row(PlanProgram plan, double[] x, Key key, Node node) {
    PlanInputs inputs = plan.inputs();
    double[][] price = prices.get(key.prices);
    List<Integer> columns = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    double promised = 0;
    double left = 0;
    for (int s = 0; s < inputs.sites().size(); s++) {
      double[] best = new double[price.length];
      for (int w = 0; w < price.length; w++) {
        double kept = inputs.classes().get(w).standing().keptShare();
        for (int r = 0; r < price[w].length; r++) {
          int way = plan.columns().flow[w][r][s][key.block][node.index()];
          if (way >= 0 && price[w][r] * kept > 0) {
            best[w] = Math.max(best[w], price[w][r]);
            columns.add(way);
            values.add(price[w][r] * kept);
            promised += price[w][r] * kept * Math.max(0, x[way]);
          }
        }
      }
      for (int h = 0; s != key.lost && h < inputs.chips().size(); h++) {
        int stock = plan.columns().stock[h][s][node.index()];
        double worth = stock < 0 ? 0 : worth(plan, inputs.chips().get(h), best);
        if (worth > 0) {
          columns.add(stock);
          values.add(-worth);
          left += worth * Math.max(0, x[stock]);
        }
      }
    }
    String name =
        "loss of %s in %s"
            .formatted(inputs.sites().get(key.lost).name(), inputs.horizon().label(node.quarter()));
    ExtraRows.Row row =
        new ExtraRows.Row(
            name,
            columns.stream().mapToInt(Integer::intValue).toArray(),
            values.stream().mapToDouble(Double::doubleValue).toArray(),
            Double.NEGATIVE_INFINITY,
            0);
    return new Broken(key, row, (promised - left) / (1 + promised));
  }

  /** Of a server: the best that it can do. */
  private static double worth(PlanProgram plan, Chip chip, double[] best) {
    double most = 0;
    for (int w = 0; w < best.length; w++) {
      WorkClass work = plan.inputs().classes().get(w);
      most = Math.max(most, best[w] * chip.rate(work.name()) / plan.unit()[w] * work.usableLoad());
    }
    return most;
  }
}
