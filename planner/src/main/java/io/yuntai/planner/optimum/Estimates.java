package io.yuntai.planner.optimum;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a choice of whole numbers costs at least, by the linear programs that were solved so far.
 * Each tells its own cost and how that would change with each whole number (its reduced costs);
 * since cost is convex in them, every other choice costs at least what the steepest of these says
 * (J. Benders, 1962). So choices are ranked, and most are left out, without being solved.
 */
final class Estimates {
  /** Reduced costs of a solved program are zero up to this share of the terms that they add up. */
  private static final double NOISE = 1e-7;

  private final int[] whole;
  private final List<double[]> slopes = new ArrayList<>();
  private final List<Double> heights = new ArrayList<>();

  Estimates(LinearProgram program) {
    whole = IntStream.range(0, program.columns()).filter(j -> program.whole()[j]).toArray();
  }

  /** The columns that are whole numbers, in the order of choices. */
  int[] whole() {
    return whole;
  }

  /** The whole numbers of a point. */
  double[] choice(double[] x) {
    double[] choice = new double[whole.length];
    for (int k = 0; k < whole.length; k++) {
      choice[k] = x[whole[k]];
    }
    return choice;
  }

  /**
   * Learns from a linear program that was solved to its end.
   *
   * @param program without whole numbers, as it was solved
   * @param plain the program with its own bounds of columns
   * @return what every choice costs at least by this alone; minus infinity where it says nothing
   */
  double learn(LinearProgram program, Solution solution, LinearProgram plain) {
    double[] x = solution.x();
    double height = solution.cost();
    double least = solution.cost();
    double[] slope = new double[whole.length];
    for (int k = 0; k < whole.length; k++) {
      int j = whole[k];
      double reduced = program.cost()[j];
      double size = Math.abs(reduced);
      for (int e = program.starts()[j]; e < program.starts()[j + 1]; e++) {
        double term = program.values()[e] * solution.rowPrices()[program.rows()[e]];
        reduced -= term;
        size += Math.abs(term);
      }
      if (Math.abs(reduced) <= NOISE * size) {
        continue;
      }
      slope[k] = reduced;
      height -= reduced * x[j];
      least += reduced * ((reduced > 0 ? plain.lower()[j] : plain.upper()[j]) - x[j]);
    }
    slopes.add(slope);
    heights.add(height);
    return Double.isNaN(least) ? Double.NEGATIVE_INFINITY : least;
  }

  /** What a choice costs at least. */
  double least(double[] choice) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < slopes.size(); i++) {
      double[] slope = slopes.get(i);
      double cost = heights.get(i);
      for (int k = 0; k < choice.length; k++) {
        cost += slope[k] * choice[k];
      }
      most = Math.max(most, cost);
    }
    return most;
  }
}
