package io.yuntai.planner.demand;

import io.yuntai.planner.PlannerException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The next hours of parts (models in regions), of their groups (all of a model, all of a region)
 * and of everything, so that parts add up to their groups and to the whole exactly. Each is told by
 * itself; then all are moved as little as what they missed before allows (S. L. Wickramasuriya, G.
 * Athanasopoulos and R. J. Hyndman, 2019: the least trace of the errors, "MinT"), with covariances
 * shrunk towards the diagonal (J. Schaefer and K. Strimmer, 2005). Parts that are too young to be
 * told by themselves take their share of the whole. Where all of this would not have beaten the
 * same hour of the day before, which adds up by itself, that is what is told.
 *
 * @param nodes the whole, the groups and the parts, in this order
 * @param way how they were told
 * @param mase mean absolute scaled error over all nodes and midnights that were judged
 * @param naive the same for the same hour of the day before
 * @param origins midnights that were judged
 */
public record Reconciled(List<Node> nodes, Way way, double mase, double naive, int origins) {
  /** As many parts as one plans for; each costs as much as a forecast. */
  public static final int MAX_PARTS = 60;

  /** Midnights that are judged: the last four weeks. */
  private static final int MOST_ORIGINS = 28;

  private static final int DAY = Forecaster.DAY;

  /** Twelve weeks; what was before is not looked at. */
  private static final int MOST_HOURS = 12 * 7 * DAY;

  /** What has been there for less than twelve days can't be judged by itself. */
  private static final int YOUNG_HOURS = 12 * DAY;

  /** What nobody has asked for in two days is taken to be withdrawn. */
  private static final int GONE_HOURS = 2 * DAY;

  /** How nodes were told. */
  public enum Way {
    /** Moved by covariances of what was missed, shrunk. */
    SHRUNK,
    /** Moved by variances alone. */
    DIAGONAL,
    /** The same hour of the day before, which nothing beat. */
    DAY_BEFORE
  }

  /**
   * The whole, a group or a part.
   *
   * @param name of it
   * @param method that told it before it was moved
   * @param hours what it has in each; not below 0
   * @param base what it was told to have before
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Node(String name, String method, double[] hours, double[] base) {
    /** All hours together. */
    public double sum() {
      return Arrays.stream(hours).sum();
    }
  }

  /** Copies. */
  public Reconciled {
    nodes = List.copyOf(nodes);
  }

  /**
   * Tells the hours after some series.
   *
   * @param parts of the same hours each, by name
   * @param groups names of parts by the name of their group
   * @throws PlannerException when there are too many parts, or too few hours
   */
  public static Reconciled of(
      Map<String, HourlySeries> parts, Map<String, List<String>> groups, int hours) {
    if (parts.isEmpty() || parts.size() > MAX_PARTS) {
      throw new PlannerException(
          "1 to %d models and regions can be told together, not %d; leave small ones out, or tell one after the other."
              .formatted(MAX_PARTS, parts.size()));
    }
    return new Hierarchy(parts, groups, hours).tell();
  }

  /** What the parts add up to, in the hierarchy's order. */
  private static final class Hierarchy {
    private final List<String> names = new ArrayList<>();
    private final List<int[]> members = new ArrayList<>();
    private final List<double[]> amounts = new ArrayList<>();
    private final List<String> methods = new ArrayList<>();
    private final int bottoms;
    private final int hours;
    private final int origins;
    private final double[][][] base;
    private final double[][] next;

    Hierarchy(Map<String, HourlySeries> parts, Map<String, List<String>> groups, int hours) {
      this.hours = hours;
      this.bottoms = parts.size();
      List<String> partNames = List.copyOf(parts.keySet());
      List<double[]> partAmounts = parts.values().stream().map(HourlySeries::amounts).toList();
      int known = parts.values().iterator().next().hours();
      int length = Math.min(known, MOST_HOURS);
      int[] all = new int[bottoms];
      Arrays.setAll(all, i -> i);
      node("all", all);
      groups.forEach((name, of) -> node(name, of.stream().mapToInt(partNames::indexOf).toArray()));
      for (int i = 0; i < bottoms; i++) {
        node(partNames.get(i), new int[] {i});
      }
      for (int[] of : members) {
        double[] sums = new double[length];
        for (int i : of) {
          double[] part = partAmounts.get(i);
          Arrays.setAll(sums, t -> sums[t] + part[known - length + t]);
        }
        amounts.add(sums);
      }
      origins = Math.min(MOST_ORIGINS, (length - RollingDays.FIRST) / DAY);
      base = new double[names.size()][][];
      next = new double[names.size()][];
      Forecaster whole = best(amounts.getFirst());
      for (int n = 0; n < names.size(); n++) {
        tellAlone(n, length, whole);
      }
    }

    private void node(String name, int[] of) {
      names.add(name);
      members.add(of);
    }

    private int origin(int length, int i) {
      return length - (origins - i) * DAY;
    }

    /** The method that is best for a node, or its share of the whole. */
    private void tellAlone(int n, int length, Forecaster whole) {
      double[] own = amounts.get(n);
      int begun = 0;
      while (begun < length && own[begun] == 0) {
        begun++;
      }
      boolean young = begun > length - YOUNG_HOURS;
      boolean gone = isGone(own, length);
      Forecaster method = n == 0 || young || gone ? whole : best(own);
      methods.add(gone ? "withdrawn" : young ? "its share of the whole" : method.name());
      base[n] = new double[origins][];
      for (int i = 0; i < origins; i++) {
        base[n][i] = alone(n, method, young, origin(length, i), DAY);
      }
      next[n] = alone(n, method, young, length, hours);
    }

    private static Forecaster best(double[] amounts) {
      HourlySeries series = new HourlySeries(Instant.EPOCH, amounts, 0);
      return Forecast.of(series, 1).chosen().forecaster();
    }

    /** Whether nobody has asked for it lately. */
    private static boolean isGone(double[] own, int until) {
      return Arrays.stream(own, until - GONE_HOURS, until).allMatch(amount -> amount == 0);
    }

    private double[] alone(int n, Forecaster method, boolean young, int until, int steps) {
      if (isGone(amounts.get(n), until)) {
        return new double[steps];
      }
      return young
          ? Shares.of(amounts.getFirst(), amounts.get(n), until, steps)
          : method.forecast(amounts.get(n), until, steps);
    }

    Reconciled tell() {
      int length = amounts.getFirst().length;
      double[] scales = new double[names.size()];
      for (int n = 0; n < scales.length; n++) {
        for (int t = DAY; t < length; t++) {
          scales[n] += Math.abs(amounts.get(n)[t] - amounts.get(n)[t - DAY]) / (length - DAY);
        }
      }
      Map<Way, Double> sums = new EnumMap<>(Way.class);
      int judged = 0;
      for (int i = 3; i < origins; i++) {
        Projection shrunk = projection(i, true);
        Projection diagonal = projection(i, false);
        int from = origin(length, i);
        double[][] dayBefore = new double[names.size()][];
        double[][] alone = new double[names.size()][];
        for (int n = 0; n < dayBefore.length; n++) {
          dayBefore[n] = Arrays.copyOfRange(amounts.get(n), from - DAY, from);
          alone[n] = base[n][i];
        }
        sums.merge(Way.SHRUNK, error(shrunk.coherent(alone), from, scales), Double::sum);
        sums.merge(Way.DIAGONAL, error(diagonal.coherent(alone), from, scales), Double::sum);
        sums.merge(Way.DAY_BEFORE, error(dayBefore, from, scales), Double::sum);
        judged++;
      }
      Way way = Way.DAY_BEFORE;
      for (Way each : Way.values()) {
        way = of(sums, each) < of(sums, way) ? each : way;
      }
      double[][] told =
          switch (way) {
            case SHRUNK -> projection(origins, true).coherent(next);
            case DIAGONAL -> projection(origins, false).coherent(next);
            case DAY_BEFORE -> dayBefore(length);
          };
      List<Node> nodes = new ArrayList<>();
      for (int n = 0; n < names.size(); n++) {
        String method = way == Way.DAY_BEFORE ? "yesterday's hour" : methods.get(n);
        nodes.add(new Node(names.get(n), method, told[n], next[n]));
      }
      int divisor = Math.max(1, judged);
      return new Reconciled(
          nodes, way, of(sums, way) / divisor, of(sums, Way.DAY_BEFORE) / divisor, judged);
    }

    private static double of(Map<Way, Double> sums, Way way) {
      return sums.getOrDefault(way, 0.0);
    }

    private double[][] dayBefore(int length) {
      double[][] told = new double[names.size()][hours];
      for (int n = 0; n < told.length; n++) {
        double[] own = amounts.get(n);
        Arrays.setAll(told[n], h -> own[length - DAY + h % DAY]);
      }
      return told;
    }

    private double error(double[][] told, int from, double[] scales) {
      double sum = 0;
      for (int n = 0; n < told.length; n++) {
        for (int h = 0; h < DAY; h++) {
          double miss = Math.abs(amounts.get(n)[from + h] - told[n][h]);
          sum += miss == 0 ? 0 : miss / Math.max(scales[n], 1e-9) / DAY / told.length;
        }
      }
      return sum;
    }

    /** By what was missed before a midnight. */
    private Projection projection(int before, boolean shrunk) {
      int length = amounts.getFirst().length;
      double[][] misses = new double[names.size()][before * DAY];
      boolean[] gone = new boolean[names.size()];
      for (int n = 0; n < misses.length; n++) {
        gone[n] = isGone(amounts.get(n), origin(length, before));
        for (int i = 0; i < before && !gone[n]; i++) {
          for (int h = 0; h < DAY; h++) {
            misses[n][i * DAY + h] = amounts.get(n)[origin(length, i) + h] - base[n][i][h];
          }
        }
      }
      // The last nodes are the parts; what is gone is sure to get nothing.
      boolean[] parts = Arrays.copyOfRange(gone, gone.length - bottoms, gone.length);
      return Projection.of(members, bottoms, misses, shrunk).without(parts);
    }
  }
}
