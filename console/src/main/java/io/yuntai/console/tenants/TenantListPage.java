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
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.ledger.tenancy.Organisation.Status;
import io.yuntai.ledger.tenancy.OrganisationFilter;
import io.yuntai.ledger.tenancy.OrganisationSort;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code /console/tenants}: all of the operator's, one's own of others. */
public final class TenantListPage implements Page {
  private static final String TABLE = "tenants";

  private final ConsoleServices services;

  TenantListPage(ConsoleServices services) {
    this.services = services;
  }

  /** What its template shows. */
  public record Model(Table table, boolean operates) {}

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
            ? all(visit, columns)
            : Listing.of(
                visit,
                TABLE,
                columns,
                visit.caller().tenants().stream().map(organisations::find).toList());
    return listing.isWanted(visit)
        ? listing.csv("tenants")
        : View.html(
            "tenants/list.jte",
            new Model(
                listing.table(
                    visit, visit.text(filters(visit.query()) ? "tenants.none" : "tenants.empty")),
                visit.operates()));
  }

  private static boolean filters(FormFields query) {
    return Stream.of("find", "status", "billing").anyMatch(name -> !query.text(name).isEmpty());
  }

  /** The address is the filter; what can't be read lets all through. */
  private Listing<Organisation> all(Visit visit, List<Column<Organisation>> columns) {
    FormFields query = visit.query();
    OrganisationFilter filter =
        new OrganisationFilter(
            query.text("find").strip(),
            Stream.of(Status.ACTIVE, Status.SUSPENDED)
                .filter(status -> status.label().equals(query.text("status")))
                .findFirst(),
            Stream.of(Billing.values())
                .filter(billing -> billing.label().equals(query.text("billing")))
                .findFirst());
    OrganisationSort sort =
        OrganisationSort.of(Listing.sort(visit, TABLE)).orElse(OrganisationSort.NAMES);
    return new Listing<>(
        TABLE,
        columns,
        Set.copyOf(OrganisationSort.names()),
        sort.text(),
        wanted -> services.admin().tenancy().organisations().list(filter, sort, wanted));
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
