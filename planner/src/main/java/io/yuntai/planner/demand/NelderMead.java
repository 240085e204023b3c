package io.yuntai.planner.demand;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/**
 * The least of a function of a few numbers, without derivatives (J. A. Nelder and R. Mead, 1965).
 * The same start gives the same end.
 */
public final class NelderMead {
  private static final double LEAST_SPREAD = 1e-10;

  private NelderMead() {}

  private record Corner(double[] at, double value) {}

  /**
   * Searches.
   *
   * @param start one number for each dimension
   * @param step by which each is moved at first
   * @param evaluations at most, or a few more
   */
  public static double[] least(
      ToDoubleFunction<double[]> function, double[] start, double[] step, int evaluations) {
    int n = start.length;
    Corner[] corners = new Corner[n + 1];
    corners[n] = corner(function, start);
    for (int i = 0; i < n; i++) {
      double[] moved = start.clone();
      moved[i] += step[i];
      corners[i] = corner(function, moved);
    }
    for (int used = n + 1; used < evaluations; used += 2) {
      Arrays.sort(corners, Comparator.comparingDouble(Corner::value));
      if (corners[n].value - corners[0].value <= LEAST_SPREAD * Math.abs(corners[0].value)) {
        break;
      }
      used += move(function, corners);
    }
    Arrays.sort(corners, Comparator.comparingDouble(Corner::value));
    return corners[0].at;
  }

  /** One step; tells how many evaluations it took beyond two. */
  private static int move(ToDoubleFunction<double[]> function, Corner[] corners) {
    int n = corners.length - 1;
    double[] centre = new double[n];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < n; d++) {
        centre[d] += corners[i].at[d] / n;
      }
    }
    Corner worst = corners[n];
    Corner reflected = corner(function, between(centre, worst.at, -1));
    if (reflected.value < corners[0].value) {
      Corner expanded = corner(function, between(centre, worst.at, -2));
      corners[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners[n - 1].value) {
      corners[n] = reflected;
    } else {
      boolean outside = reflected.value < worst.value;
      Corner contracted = corner(function, between(centre, worst.at, outside ? -0.5 : 0.5));
      if (contracted.value < Math.min(reflected.value, worst.value)) {
        corners[n] = contracted;
      } else {
        for (int i = 1; i <= n; i++) {
          corners[i] = corner(function, between(corners[0].at, corners[i].at, 0.5));
        }
        return n;
      }
    }
    return 0;
  }

  /** The centre plus a share of the way from it to a corner. */
  private static double[] between(double[] centre, double[] corner, double share) {
    double[] point = new double[centre.length];
    Arrays.setAll(point, d -> centre[d] + share * (corner[d] - centre[d]));
    return point;
  }

  private static Corner corner(ToDoubleFunction<double[]> function, double[] at) {
    double value = function.applyAsDouble(at);
    return new Corner(at, Double.isFinite(value) ? value : Double.MAX_VALUE);
  }
}
