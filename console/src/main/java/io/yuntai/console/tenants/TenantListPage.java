package io.yuntai.console.tenants;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Optional;

/** {@code /console/tenants}: all of the operator's, one's own of others. */
public final class TenantListPage implements Page {
  private final ConsoleServices services;

  TenantListPage(ConsoleServices services) {
    this.services = services;
  }

  /** What its template shows. */
  public record Model(Table table, boolean mayAdd) {}

  @Override
  public String path() {
    return "/console/tenants";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("tenants.title", 70, "tenants"));
  }

  @Override
  public View show(Visit visit) {
    var organisations = services.admin().tenancy().organisations();
    List<Column<Organisation>> columns = columns(visit);
    Listing<Organisation> listing =
        visit.operates()
            ? Listing.of("tenants", columns, organisations::list)
            : Listing.of(
                visit,
                "tenants",
                columns,
                visit.caller().tenants().stream().map(organisations::find).toList());
    return listing.isWanted(visit)
        ? listing.csv("tenants")
        : View.html(
            "tenants/list.jte",
            new Model(listing.table(visit, visit.text("tenants.empty")), visit.operates()));
  }

  private List<Column<Organisation>> columns(Visit visit) {
    return List.of(
        Column.of(
            "name",
            visit.text("tenants.name"),
            org -> new Cell.Link(org.name(), "/console/tenants/" + org.name())),
        Column.of(
            "title",
            visit.text("tenants.full-name"),
            org -> new Cell.Text(visit.ui().sentence(org.title()))),
        Column.of(
            "status",
            visit.text("tenants.status"),
            org ->
                new Cell.Badge(
                    visit.text("tenants.status." + org.status().label()),
                    org.status() == Organisation.Status.ACTIVE ? Cell.Tone.OK : Cell.Tone.BAD)),
        Column.of(
            "billing",
            visit.text("tenants.billing"),
            org -> new Cell.Text(visit.text("tenants.billing." + org.billing().label()))),
        Column.of("currency", visit.text("tenants.currency"), org -> new Cell.Text(org.currency())),
        Column.<Organisation>of(
                "time_zone",
                visit.text("tenants.zone"),
                org -> new Cell.Text(org.timeZone().getId()))
            .onRequest(),
        Column.of("created", visit.text("tenants.created"), org -> new Cell.Time(org.created())));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    var made =
        visit.call(
            "POST",
            List.of("tenants"),
            Visit.fields()
                .put("name", form.text("name"))
                .put("title", form.text("title"))
                .put("currency", form.text("currency"))
                .put(
                    "billing", form.text("billing").isEmpty() ? "postpaid" : form.text("billing")));
    String name = made.path("name").asString();
    return View.redirect("/console/tenants/" + name, visit.text("tenants.made", name));
  }
}
