package io.yuntai.planner.outlook;

import java.util.Arrays;

/** A way to tell months from those before, on the scale of logarithms. */
public sealed interface Trend {
  /** What people call it. */
  String name();

  /** The fewest months that it needs. */
  int leastMonths();

  /**
   * The logarithms of the next months.
   *
   * @param logs of the months that were
   * @param until how many of them are known
   * @param months how many to tell
   */
  double[] forecast(double[] logs, int until, int months);

  /** As many as in the last month: what all others have to beat. */
  record Last() implements Trend {
    @Override
    public String name() {
      return "as last month";
    }

    @Override
    public int leastMonths() {
      return 1;
    }

    @Override
    public double[] forecast(double[] logs, int until, int months) {
      double[] next = new double[months];
      Arrays.fill(next, logs[until - 1]);
      return next;
    }
  }

  /**
   * A level and a growth that follow the months, and a growth that calms down: Holt's method with
   * E. S. Gardner and E. McKenzie's damping (1985).
   *
   * @param level how fast the level follows; above 0, at most 1
   * @param growth how fast growth follows; 0 to 1
   * @param damping what of growth is left after a month; 0 to 1
   */
  record Damped(double level, double growth, double damping) implements Trend {
    @Override
    public String name() {
      return "damped trend";
    }

    @Override
    public int leastMonths() {
      return 3;
    }

    @Override
    public double[] forecast(double[] logs, int until, int months) {
      double at = logs[0];
      double by = logs[1] - logs[0];
      for (int i = 1; i < until; i++) {
        double expected = at + damping * by;
        double next = expected + level * (logs[i] - expected);
        by = damping * by + growth * (next - at - damping * by);
        at = next;
      }
      double[] told = new double[months];
      double sum = 0;
      double power = 1;
      for (int i = 0; i < months; i++) {
        power *= damping;
        sum += power * by;
        told[i] = at + sum;
      }
      return told;
    }
  }

  /** P. F. Verhulst's curve: growth falls with the share of a last level that is reached. */
  record Logistic() implements Trend {
    @Override
    public String name() {
      return "logistic curve";
    }

    @Override
    public int leastMonths() {
      return 9;
    }

    @Override
    public double[] forecast(double[] logs, int until, int months) {
      return SCurve.forecast(logs, until, months, z -> -Math.log1p(Math.exp(-z)));
    }
  }

  /** B. Gompertz's curve: the logarithm comes nearer to its last level by a share each month. */
  record Gompertz() implements Trend {
    @Override
    public String name() {
      return "Gompertz curve";
    }

    @Override
    public int leastMonths() {
      return 9;
    }

    @Override
    public double[] forecast(double[] logs, int until, int months) {
      return SCurve.forecast(logs, until, months, z -> -Math.exp(-z));
    }
  }

  /** F. M. Bass' curve: some come by themselves, others by those who came (1969). */
  record Bass() implements Trend {
    @Override
    public String name() {
      return "Bass curve";
    }

    @Override
    public int leastMonths() {
      return 12;
    }

    @Override
    public double[] forecast(double[] logs, int until, int months) {
      return SCurve.bass(logs, until, months);
    }
  }
}
