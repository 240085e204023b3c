package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Cell.Tone;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetForecast;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Period;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.admin.Views;
import io.yuntai.server.console.ConsoleServices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Budgets with what is used of them, and when they will be used up. */
final class BudgetTable {
  static final String ID = "money-budgets";

  private final Visit visit;
  private final Organisation org;
  private final Instant now;

  private BudgetTable(Visit visit, Organisation org, Instant now) {
    this.visit = visit;
    this.org = org;
    this.now = now;
  }

  static Listing<BudgetStatus> of(
      Visit visit, ConsoleServices services, Organisation org, Instant now) {
    return Listing.sortedOf(
        visit,
        ID,
        new BudgetTable(visit, org, now).columns(),
        page -> services.admin().budgets().list(org, page));
  }

  private List<Column<BudgetStatus>> columns() {
    List<Column<BudgetStatus>> columns = new ArrayList<>();
    columns.add(
        Column.of(
            "of",
            visit.text("money.budget.of"),
            status -> new Cell.Worded(title(status.budget()), status.budget().target().name())));
    columns.add(
        worded(
            "level",
            "money.budget.level",
            "money.tree.",
            status -> status.budget().target().level().publicLabel()));
    columns.add(
        worded(
            "unit",
            "money.budget.unit",
            "money.unit.",
            status -> status.budget().terms().unit().label()));
    columns.add(
        worded(
            "period",
            "money.budget.period",
            "money.period.",
            status -> status.budget().terms().period().label()));
    columns.add(Column.figures("limit", visit.text("money.budget.limit"), this::limit));
    columns.add(
        Column.figures(
            "used",
            visit.text("money.budget.used"),
            status ->
                new Cell.Figure(amount(status, status.used()), plain(status, status.used()))));
    columns.add(Column.of("share", visit.text("money.budget.share"), this::share));
    columns.add(Column.of("used_up_at", visit.text("money.budget.forecast"), this::forecast));
    columns.add(
        Column.of(
            "resets", visit.text("money.budget.resets"), status -> resets(status.window().to())));
    columns.add(
        Column.of(
            "hard",
            visit.text("money.budget.at-end"),
            status ->
                new Cell.Worded(
                    visit.text(hard(status) ? "money.budget.hard" : "money.budget.soft"),
                    Boolean.toString(hard(status)))));
    if (visit.may(Permission.BUDGETS)) {
      columns.add(Column.of("actions", visit.text("ui.actions"), this::edit));
    }
    return columns;
  }

  private Column<BudgetStatus> worded(
      String id, String label, String keys, Function<BudgetStatus, String> value) {
    Column<BudgetStatus> column =
        Column.of(
            id,
            visit.text(label),
            status -> new Cell.Worded(visit.text(keys + value.apply(status)), value.apply(status)));
    return column.onRequest();
  }

  private String title(Budget budget) {
    return budget.target().level() == Level.ORG
        ? visit.text("money.level.org")
        : visit.text(
            "money.level." + budget.target().level().publicLabel(), budget.target().name());
  }

  private Cell limit(BudgetStatus status) {
    Budget budget = status.budget();
    String amount = amount(status, budget.terms().amount());
    return new Cell.Figure(
        budget.terms().period() == Period.TOTAL
            ? amount
            : amount + " " + visit.text("money.period." + budget.terms().period().label()),
        plain(status, budget.terms().amount()));
  }

  private Cell share(BudgetStatus status) {
    BudgetForecast forecast = BudgetForecast.of(status, now);
    long percent = (long) Math.floor(forecast.percent());
    Tone tone = forecast.usedUp() && hard(status) ? Tone.BAD : percent >= 80 ? Tone.WARN : Tone.OK;
    return new Cell.Share(
        title(status.budget()),
        Math.clamp(percent, 0, 100),
        visit.ui().formats().count(percent) + " %",
        tone,
        Long.toString(percent));
  }

  private Cell forecast(BudgetStatus status) {
    BudgetForecast forecast = BudgetForecast.of(status, now);
    Formats formats = visit.ui().formats();
    if (forecast.usedUp()) {
      return new Cell.Worded(
          visit.text("money.budget.used-up"), forecast.hitsAt().map(Instant::toString).orElse(""));
    }
    return forecast
        .hitsAt()
        .<Cell>map(at ->
            new Cell.Estimate(visit.text("money.budget.hits", formats.time(at)), at.toString()))
        .orElseGet(() -> new Cell.Worded(visit.text("money.budget.lasts"), ""));
  }

  private Cell resets(Instant at) {
    return at.equals(Instant.MAX)
        ? new Cell.Nothing()
        : new Cell.Worded(visit.ui().formats().time(at), at.toString());
  }

  private Cell edit(BudgetStatus status) {
    String id = Long.toString(status.budget().id());
    String at = MoneyPage.PATH + "?tenant=" + org.name();
    Cell.Form change =
        new Cell.Form(
            List.of(
                new Cell.Input(
                    visit.text("money.budget.limit"),
                    "amount",
                    plain(status, status.budget().terms().amount()),
                    List.of()),
                new Cell.Input(
                    visit.text("money.budget.at-end"),
                    "hard",
                    hard(status) ? "yes" : "no",
                    List.of(
                        Map.entry("yes", visit.text("money.budget.hard")),
                        Map.entry("no", visit.text("money.budget.soft"))))),
            new Cell.Button(
                visit.text("money.budget.keep"),
                at,
                Map.of("do", "budget-change", "budget-id", id),
                ""),
            "main");
    Cell.Form end =
        new Cell.Form(
            List.of(),
            new Cell.Button(
                visit.text("money.budget.end"),
                at,
                Map.of("do", "budget-end", "budget-id", id),
                visit.text("money.budget.end.sure", title(status.budget()))),
            "danger");
    return new Cell.Edit(visit.text("money.budget.change"), List.of(), List.of(change, end));
  }

  private static boolean hard(BudgetStatus status) {
    return status.budget().terms().hard();
  }

  private String plain(BudgetStatus status, long amount) {
    return Views.amount(org, status.budget().terms().unit(), amount);
  }

  private String amount(BudgetStatus status, long amount) {
    Unit unit = status.budget().terms().unit();
    return unit == Unit.MONEY
        ? visit.ui().formats().money(amount, org.currency())
        : visit.ui().formats().count(amount) + " " + visit.text("money.unit." + unit.label());
  }
}
