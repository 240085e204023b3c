package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetForecast;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Period;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.Views;
import java.time.Instant;

/**
 * A budget as its table shows it.
 *
 * @param id its number
 * @param of whose
 * @param limit with its period
 * @param used of it
 * @param percent used, for a bar: 0 to 100
 * @param percentText the same, not cut
 * @param tone of the state
 * @param forecast when it will be used up, in words
 * @param estimate whether the forecast is an estimate
 * @param amount for a form
 */
public record BudgetRow(
    String id,
    String of,
    String limit,
    String used,
    int percent,
    String percentText,
    String tone,
    String forecast,
    boolean estimate,
    boolean hard,
    String amount,
    String resets) {
  static BudgetRow of(Visit visit, Organisation org, BudgetStatus status, Instant now) {
    Budget budget = status.budget();
    Formats formats = visit.ui().formats();
    Unit unit = budget.terms().unit();
    BudgetForecast forecast = BudgetForecast.of(status, now);
    long percent = (long) Math.floor(forecast.percent());
    return new BudgetRow(
        Long.toString(budget.id()),
        of(visit, budget),
        amount(visit, org, unit, budget.terms().amount())
            + (budget.terms().period() == Period.TOTAL
                ? ""
                : " " + visit.text("money.period." + budget.terms().period().label())),
        amount(visit, org, unit, status.used()),
        Math.clamp(percent, 0, 100),
        formats.count(percent) + " %",
        forecast.usedUp() && budget.terms().hard() ? "bad" : percent >= 80 ? "warn" : "ok",
        forecast.usedUp()
            ? visit.text("money.budget.used-up")
            : forecast
                .hitsAt()
                .map(at -> visit.text("money.budget.hits", formats.time(at)))
                .orElse(visit.text("money.budget.lasts")),
        forecast.hitsAt().isPresent(),
        budget.terms().hard(),
        Views.amount(org, unit, budget.terms().amount()),
        status.window().to().equals(Instant.MAX) ? "" : formats.time(status.window().to()));
  }

  private static String of(Visit visit, Budget budget) {
    return budget.target().level() == Level.ORG
        ? visit.text("money.level.org")
        : visit.text(
            "money.level." + budget.target().level().publicLabel(), budget.target().name());
  }

  private static String amount(Visit visit, Organisation org, Unit unit, long amount) {
    return unit == Unit.MONEY
        ? visit.ui().formats().money(amount, org.currency())
        : visit.ui().formats().count(amount) + " " + visit.text("money.unit." + unit.label());
  }
}
