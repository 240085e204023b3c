package io.yuntai.console.tenants;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Period;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /console/tenants/NAME/budgets}: what a tenant may use, and how much of it is used. */
public final class BudgetsPage implements Page {
  private final ConsoleServices services;

  BudgetsPage(ConsoleServices services) {
    this.services = services;
  }

  /** What its template shows. */
  public record Model(
      TenantTabs tabs,
      Table budgets,
      List<Map.Entry<String, String>> levels,
      List<Map.Entry<String, String>> units,
      List<Map.Entry<String, String>> periods,
      String currency,
      boolean mayChange) {}

  @Override
  public String path() {
    return TenantTabs.ROOT + "/budgets";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    Organisation org = visit.tenant();
    Listing<BudgetStatus> listing =
        Listing.of(
            "budgets", columns(visit, org), page -> services.admin().budgets().list(org, page));
    if (listing.isWanted(visit)) {
      return listing.csv("budgets-" + org.name());
    }
    return View.html(
        "tenants/budgets.jte",
        new Model(
            TenantTabs.of(visit),
            listing.table(visit, visit.text("tenants.budgets.empty")),
            choices(visit, "level", Arrays.stream(Level.values()).map(Level::publicLabel).toList()),
            choices(visit, "unit", Arrays.stream(Unit.values()).map(Unit::label).toList()),
            choices(visit, "period", Arrays.stream(Period.values()).map(Period::label).toList()),
            org.currency(),
            visit.may(Permission.BUDGETS)));
  }

  private static List<Map.Entry<String, String>> choices(
      Visit visit, String kind, List<String> labels) {
    return labels.stream()
        .map(label -> Map.entry(label, visit.text("tenants." + kind + "." + label)))
        .toList();
  }

  private static List<Column<BudgetStatus>> columns(Visit visit, Organisation org) {
    List<Column<BudgetStatus>> columns =
        new ArrayList<>(
            List.of(
                Column.of(
                    "target",
                    visit.text("tenants.budgets.of"),
                    b -> new Cell.Text(target(visit, b))),
                Column.of(
                    "period",
                    visit.text("tenants.budgets.period"),
                    b ->
                        new Cell.Text(
                            visit.text("tenants.period." + b.budget().terms().period().label()))),
                Column.figures(
                    "used",
                    visit.text("tenants.budgets.used"),
                    b ->
                        amount(visit, org, b.budget().terms().unit(), b.used())
                            .provenAt("/console/money?tenant=" + org.name() + "#money-tree")),
                Column.figures(
                    "amount",
                    visit.text("tenants.budgets.amount"),
                    b ->
                        amount(visit, org, b.budget().terms().unit(), b.budget().terms().amount())),
                Column.figures("part", visit.text("tenants.budgets.part"), b -> part(visit, b)),
                Column.figures(
                        "reserved",
                        visit.text("tenants.budgets.reserved"),
                        (BudgetStatus b) ->
                            amount(visit, org, b.budget().terms().unit(), b.reserved()))
                    .onRequest(),
                Column.of(
                    "hard",
                    visit.text("tenants.budgets.hard"),
                    b ->
                        new Cell.Text(
                            visit.text(
                                b.budget().terms().hard()
                                    ? "tenants.budgets.stops"
                                    : "tenants.budgets.tells")))));
    if (visit.may(Permission.BUDGETS)) {
      columns.add(
          Column.of(
              "actions",
              visit.text("ui.actions"),
              b ->
                  new Cell.Buttons(
                      List.of(
                          new Cell.Button(
                              visit.text("tenants.budgets.end"),
                              visit.exchange().path(),
                              Map.of("do", "end", "budget", Long.toString(b.budget().id())),
                              visit.text("tenants.budgets.end.question"))))));
    }
    return columns;
  }

  private static String target(Visit visit, BudgetStatus status) {
    var target = status.budget().target();
    String level = visit.text("tenants.level." + target.level().publicLabel());
    return target.name().isEmpty() ? level : level + " " + target.name();
  }

  private static Cell.Figure amount(Visit visit, Organisation org, Unit unit, long amount) {
    String text =
        unit == Unit.MONEY
            ? visit.ui().formats().money(amount, org.currency())
            : visit.text("tenants.amount." + unit.label(), visit.ui().formats().count(amount));
    return new Cell.Figure(
        text,
        unit == Unit.MONEY
            ? java.math.BigDecimal.valueOf(amount, 9).stripTrailingZeros().toPlainString()
            : Long.toString(amount));
  }

  private static Cell part(Visit visit, BudgetStatus status) {
    long amount = status.budget().terms().amount();
    if (amount <= 0) {
      return new Cell.Nothing();
    }
    double part = (double) status.used() / amount;
    return new Cell.Figure(visit.ui().formats().percent(part), Double.toString(part));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String tenant = visit.tenantName();
    JsonNode _ =
        switch (form.text("do")) {
          case "set" -> visit.call("POST", List.of("tenants", tenant, "budgets"), wanted(form));
          case "end" ->
              visit.call(
                  "DELETE",
                  List.of("tenants", tenant, "budgets", form.text("budget")),
                  Visit.fields());
          default -> throw PeoplePage.unknown();
        };
    return View.redirect(visit.exchange().path(), visit.text("tenants.done"));
  }

  private static ObjectNode wanted(FormFields form) {
    ObjectNode fields =
        Visit.fields()
            .put("level", form.text("level"))
            .put("unit", form.text("unit"))
            .put("period", form.text("period"))
            .put("amount", form.text("amount").strip())
            .put("hard", form.first("hard").isPresent());
    String target = form.text("target").strip();
    return target.isEmpty() ? fields : fields.put("target", target);
  }
}
