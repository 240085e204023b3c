package io.yuntai.planner.optimum;

import io.yuntai.planner.plan.Aim;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of goals that go one before the other, a sentence each. */
final class GoalNotes {
  private GoalNotes() {}

  static List<String> of(PlanInputs inputs, List<Plan.Reached> reached) {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < reached.size(); i++) {
      Plan.Reached one = reached.get(i);
      String others = i == 0 ? "no plan" : "no plan that keeps the goals before it";
      notes.add(
          "Goal %d of %d, %s: %s; %s."
              .formatted(
                  i + 1,
                  reached.size(),
                  one.aim().text(),
                  amount(one.aim(), one.amount(), inputs),
                  bound(one, others, inputs)));
    }
    return notes;
  }

  private static String amount(Aim aim, double amount, PlanInputs inputs) {
    String money = "million " + inputs.finance().currency();
    return switch (aim) {
      case GOLD, SILVER, BRONZE ->
          "%s million units of %s work are not served".formatted(number(amount), aim.text());
      case SERVICE -> "%s million units of work are not served".formatted(number(amount));
      case VALUE -> "it is worth %s %s".formatted(number(-amount), money);
      case COST -> "it is worth %s %s without revenue".formatted(number(-amount), money);
      case RISK ->
          "the worst %s of all futures are worth %s %s on average"
              .formatted(percent(inputs.rules().riskTail()), number(-amount), money);
      case CARBON -> "%s t of carbon".formatted(number(amount));
    };
  }

  private static String bound(Plan.Reached one, String others, PlanInputs inputs) {
    if (Double.isInfinite(one.bound())) {
      return "how much better others may be is not known, since it was stopped";
    }
    return one.aim().isMoney()
        ? "%s is worth more than %s".formatted(others, number(-one.bound()))
        : "%s has less than %s%s"
            .formatted(
                others,
                number(Math.max(0, one.bound())),
                one.amount() > one.found() + 1e-6 * (1 + Math.abs(one.found()))
                    ? "; the tolerance of %s is used by goals after it"
                        .formatted(percent(inputs.rules().aimTolerance()))
                    : "");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.3f", value == 0 ? 0.0 : value);
  }
}
