package io.yuntai.planner.exports;

import io.yuntai.planner.exports.PlanSums.Built;
import java.util.ArrayList;
import java.util.List;

/** What halls are paid for, written off and worth in the end, as formulas. */
final class HallCosts {
  private final List<Integer> paid = new ArrayList<>();
  private final List<Integer> depreciation = new ArrayList<>();
  private final String left;

  HallCosts(Grid drivers, AssumptionSheet given, PlanSums sums) {
    List<Built> built = sums.built();
    int length = sums.length();
    drivers.title("Paid for halls, millions");
    for (Built one : built) {
      List<Double> milestones = one.phase().milestones();
      paid.add(
          drivers.formulas(
              name(one),
              "paid",
              t -> {
                int part = t - one.start();
                return part < 0 || part >= milestones.size()
                    ? "0"
                    : price(given, one) + "*" + milestones.get(part);
              }));
    }
    drivers.title("Depreciation of halls, millions");
    for (Built one : built) {
      int book = one.phase().bookQuarters();
      depreciation.add(
          drivers.formulas(
              name(one),
              "cost",
              t ->
                  t < one.opens() || t >= one.opens() + book
                      ? "0"
                      : price(given, one) + "/" + book));
    }
    drivers.title("Halls that are left in the end, millions");
    int first = drivers.next();
    drivers.numbers("none", "worth", _ -> 0);
    for (Built one : built) {
      int age = length - one.opens();
      int book = one.phase().bookQuarters();
      drivers.formulas(
          name(one),
          "worth",
          t -> t > 0 ? "0" : "%s*MAX(0,1-%d/%d)".formatted(price(given, one), age, book));
    }
    this.left = drivers.down(first, drivers.next() - 1, 0);
  }

  private static String name(Built one) {
    return one.phase().name() + " of " + one.site().name();
  }

  private static String price(AssumptionSheet given, Built one) {
    return given.one("phase " + one.phase().name() + " " + one.site().name());
  }

  List<Integer> paid() {
    return paid;
  }

  List<Integer> depreciation() {
    return depreciation;
  }

  /** Cells that add up to what halls are worth in the end. */
  String left() {
    return left;
  }
}
