package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.planner.exports.PlanTables;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Statement;
import java.util.List;

/** A plan for people. */
final class PlanPrinter {
  private final CliContext context;
  private final Screen screen;

  PlanPrinter(CliContext context) {
    this.context = context;
    this.screen = context.screen();
  }

  /** What it is worth, how far that is proven, and its money by quarter. */
  void summary(Plan plan, String digest) {
    String currency = plan.inputs().finance().currency();
    screen.result(
        context.text(
            plan.reached().isEmpty() ? "plan.show.value" : "plan.show.goals",
            plan.inputs().name(),
            Numbers.grouped(plan.netPresentValue(), 1),
            currency,
            Numbers.grouped(plan.gap() * 100, 2)));
    Statement first = plan.statements().getFirst();
    if (Double.isFinite(first.internalRate())) {
      screen.result(
          context.text("plan.show.return", Numbers.grouped(first.internalRate() * 100, 1)));
    }
    plan.notes().forEach(screen::result);
    screen.result("");
    Table money =
        new Table(
            screen, "QUARTER", "REVENUE", "COSTS", "RENT", "SERVERS", "HALLS", "FLOW", "CASH");
    money.alignRight(1, 2, 3, 4, 5, 6, 7);
    for (Statement.Quarter one : first.quarters()) {
      money.row(
          one.label(),
          amount(one.revenue()),
          amount(one.costs()),
          amount(one.rent()),
          amount(one.servers()),
          amount(one.halls()),
          amount(one.netFlow()),
          amount(one.cash()));
    }
    money.print();
    screen.result("");
    screen.result(
        context.text(
            "plan.show.made",
            currency,
            first.scenario(),
            plan.solver(),
            InputDigest.shown(digest)));
  }

  private static String amount(double millions) {
    return Numbers.grouped(millions, Math.abs(millions) < 100 ? 2 : 0);
  }

  /** One of its tables. */
  void table(PlanTables.Table table) {
    String[] headings =
        table.columns().stream()
            .map(name -> name.toUpperCase(java.util.Locale.ROOT).replace('_', ' '))
            .toArray(String[]::new);
    Table printed = new Table(screen, headings);
    for (int i = 0; i < headings.length; i++) {
      int column = i;
      if (table.rows().stream().allMatch(row -> row.get(column) instanceof Double)) {
        printed.alignRight(column);
      }
    }
    for (List<Object> row : table.rows()) {
      printed.row(row.stream().map(PlanPrinter::cell).toArray(String[]::new));
    }
    printed.print();
  }

  private static String cell(Object value) {
    return value instanceof Double number
        ? Double.isFinite(number) ? amount(number) : "-"
        : String.valueOf(value);
  }
}
