package io.yuntai.planner.demand;

import java.util.Arrays;
import java.util.List;

/**
 * What makes forecasts of nodes add up: {@code b = (S' W^-1 S)^-1 S' W^-1 y}, where S says which
 * parts each node has, y is what nodes were told, W how they miss, and b what parts get. Sums of
 * parts are then what all nodes get.
 */
final class Projection {
  /** Of a variance, so that what never missed does not stop everything. */
  private static final double LEAST_VARIANCE = 1e-6;

  private static final double STEPS = 1024;

  private final List<int[]> members;
  private final double[][] matrix;

  private Projection(List<int[]> members, double[][] matrix) {
    this.members = members;
    this.matrix = matrix;
  }

  /**
   * By what nodes missed.
   *
   * @param members parts of each node
   * @param misses by node, at the same times
   * @param shrunk whether covariances count, and not variances alone
   */
  static Projection of(List<int[]> members, int parts, double[][] misses, boolean shrunk) {
    int n = members.size();
    double[][] covariance = covariance(misses, shrunk);
    double[][] summing = new double[n][parts];
    for (int i = 0; i < n; i++) {
      for (int part : members.get(i)) {
        summing[i][part] = 1;
      }
    }
    // W^-1 S, then S' W^-1 S, then (S' W^-1 S)^-1 (W^-1 S)'.
    double[][] weighted = solve(covariance, summing);
    double[][] normal = new double[parts][parts];
    double[][] right = new double[parts][n];
    for (int a = 0; a < parts; a++) {
      for (int i = 0; i < n; i++) {
        right[a][i] = weighted[i][a];
        for (int b = 0; b < parts; b++) {
          normal[a][b] += summing[i][a] * weighted[i][b];
        }
      }
    }
    return new Projection(members, solve(normal, right));
  }

  /** The same with nothing for some parts. */
  Projection without(boolean[] gone) {
    double[][] others = new double[matrix.length][];
    Arrays.setAll(others, a -> gone[a] ? new double[matrix[a].length] : matrix[a]);
    return new Projection(members, others);
  }

  /** Second moments about nothing, as forecasts should miss by; shrunk towards the diagonal. */
  private static double[][] covariance(double[][] misses, boolean shrunk) {
    int n = misses.length;
    int times = misses[0].length;
    double[][] covariance = new double[n][n];
    double greatest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int t = 0; t < times; t++) {
          sum += misses[i][t] * misses[j][t];
        }
        covariance[i][j] = sum / Math.max(1, times);
        covariance[j][i] = covariance[i][j];
      }
      greatest = Math.max(greatest, covariance[i][i]);
    }
    for (int i = 0; i < n; i++) {
      covariance[i][i] = Math.max(covariance[i][i], Math.max(LEAST_VARIANCE * greatest, 1e-300));
    }
    double keep = shrunk ? 1 - shrinkage(misses, covariance) : 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        covariance[i][j] *= i == j ? 1 : keep;
      }
    }
    return covariance;
  }

  /** How far correlations are noise: the sum of their variances by that of their squares. */
  private static double shrinkage(double[][] misses, double[][] covariance) {
    int times = misses[0].length;
    double variances = 0;
    double squares = 0;
    for (int i = 0; i < misses.length; i++) {
      for (int j = 0; j < i; j++) {
        double size = Math.sqrt(covariance[i][i] * covariance[j][j]);
        double mean = covariance[i][j] / size;
        double spread = 0;
        for (int t = 0; t < times; t++) {
          double each = misses[i][t] * misses[j][t] / size - mean;
          spread += each * each;
        }
        variances += spread / ((double) times * Math.max(1, times - 1));
        squares += mean * mean;
      }
    }
    // Never nothing: sums of parts are told apart from their groups only by noise.
    return squares == 0 ? 1 : Math.clamp(variances / squares, 0.05, 1);
  }

  /** What nodes get so that they add up; nothing is below 0. */
  double[][] coherent(double[][] told) {
    int steps = told[0].length;
    double[][] parts = new double[matrix.length][steps];
    for (int a = 0; a < parts.length; a++) {
      for (int i = 0; i < told.length; i++) {
        for (int h = 0; h < steps; h++) {
          parts[a][h] += matrix[a][i] * told[i][h];
        }
      }
      double[] part = parts[a];
      Arrays.setAll(part, h -> floor(part[h]));
    }
    double[][] coherent = new double[told.length][steps];
    for (int i = 0; i < coherent.length; i++) {
      for (int part : members.get(i)) {
        for (int h = 0; h < steps; h++) {
          coherent[i][h] += parts[part][h];
        }
      }
    }
    return coherent;
  }

  /** In steps of a 1024th, so that sums are exact in whatever order they are made. */
  private static double floor(double value) {
    return Math.max(0, Math.rint(value * STEPS) / STEPS);
  }

  /** Gauss' elimination with the greatest pivot. */
  private static double[][] solve(double[][] left, double[][] right) {
    int n = left.length;
    double[][] a = Arrays.stream(left).map(double[]::clone).toArray(double[][]::new);
    double[][] x = Arrays.stream(right).map(double[]::clone).toArray(double[][]::new);
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
      }
      swap(a, k, pivot);
      swap(x, k, pivot);
      for (int i = 0; i < n; i++) {
        if (i != k && a[i][k] != 0) {
          double times = a[i][k] / a[k][k];
          for (int j = k; j < n; j++) {
            a[i][j] -= times * a[k][j];
          }
          for (int j = 0; j < x[i].length; j++) {
            x[i][j] -= times * x[k][j];
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] /= a[i][i];
      }
    }
    return x;
  }

  private static void swap(double[][] rows, int one, int other) {
    double[] row = rows[one];
    rows[one] = rows[other];
    rows[other] = row;
  }
}
