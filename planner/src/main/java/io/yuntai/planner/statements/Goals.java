package io.yuntai.planner.statements;

import io.yuntai.planner.plan.Finance;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Rules;
import io.yuntai.planner.plan.Statement;
import java.util.List;
import java.util.stream.IntStream;

/** The value of the goal from statements. */
public final class Goals {
  private Goals() {}

  /** In millions, as a plan's value is told. */
  public static double value(PlanInputs inputs, List<Statement> statements) {
    double[] values = statements.stream().mapToDouble(one -> value(inputs, one)).toArray();
    Rules rules = inputs.rules();
    double mean = 0;
    for (int s = 0; s < values.length; s++) {
      mean += inputs.scenarios().get(s).probability() * mean(inputs, statements.get(s), values[s]);
    }
    return rules.riskWeight() == 0
        ? mean
        : (1 - rules.riskWeight()) * mean + rules.riskWeight() * tailMean(inputs, values);
  }

  /** What the rule on risk looks at: money, revenue left out where cost is the goal. */
  static double value(PlanInputs inputs, Statement one) {
    return switch (inputs.rules().goal()) {
      case VALUE -> one.netPresentValue();
      case COST, SERVICE -> withoutRevenue(inputs, one);
    };
  }

  /** Net present value without what customers pay, after tax. */
  static double withoutRevenue(PlanInputs inputs, Statement one) {
    return one.netPresentValue() - revenue(inputs, one) * (1 - inputs.finance().taxRate());
  }

  private static double mean(PlanInputs inputs, Statement one, double value) {
    return inputs.rules().goal() == Rules.Goal.SERVICE
        ? revenue(inputs, one) / (1 - inputs.rules().riskWeight()) + 1e-4 * value
        : value;
  }

  /** Discounted, before tax. */
  private static double revenue(PlanInputs inputs, Statement one) {
    Finance finance = inputs.finance();
    return IntStream.range(0, one.quarters().size())
        .mapToDouble(t -> one.quarters().get(t).revenue() * finance.discount(t))
        .sum();
  }

  /** The mean of the worst, as many as the rule says. */
  public static double tailMean(PlanInputs inputs, double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    java.util.Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
    double left = inputs.rules().riskTail();
    double sum = 0;
    for (int s : order) {
      double part = Math.min(left, inputs.scenarios().get(s).probability());
      sum += part * values[s];
      left -= part;
    }
    return sum / inputs.rules().riskTail();
  }
}
