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
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.ServiceAccount;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * {@code /console/tenants/NAME/projects}: what a tenant works on, and programs that work for it.
 */
public final class ProjectsPage implements Page {
  /** More than a tenant has in practice; the API lists all. */
  private static final int MOST = PageRequest.MAX_LIMIT;

  private final ConsoleServices services;

  ProjectsPage(ConsoleServices services) {
    this.services = services;
  }

  /** What its template shows. */
  public record Model(
      TenantTabs tabs,
      Table projects,
      Table accounts,
      List<Map.Entry<String, String>> projectNames,
      boolean mayChange) {}

  @Override
  public String path() {
    return TenantTabs.ROOT + "/projects";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    Organisation org = visit.tenant();
    PageRequest all = PageRequest.first(MOST);
    List<Project> projects = services.admin().tenancy().projects().list(org, all).items();
    List<ServiceAccount> accounts =
        services.admin().tenancy().serviceAccounts().list(org, all).items();
    Map<String, Long> keys =
        services.admin().keys().list(org.id(), all).items().stream()
            .map(ApiKey::owner)
            .collect(Collectors.groupingBy(owner -> owner.project(), Collectors.counting()));
    Listing<Project> listed = Listing.of(visit, "projects", projectColumns(visit, keys), projects);
    Listing<ServiceAccount> served = Listing.of(visit, "accounts", accountColumns(visit), accounts);
    if (listed.isWanted(visit)) {
      return listed.csv("projects-" + org.name());
    }
    if (served.isWanted(visit)) {
      return served.csv("service-accounts-" + org.name());
    }
    return View.html(
        "tenants/projects.jte",
        new Model(
            TenantTabs.of(visit),
            listed.table(visit, visit.text("tenants.projects.empty")),
            served.table(visit, visit.text("tenants.accounts.empty")),
            projects.stream().map(project -> Map.entry(project.name(), project.name())).toList(),
            visit.may(Permission.PROJECTS)));
  }

  private static List<Column<Project>> projectColumns(Visit visit, Map<String, Long> keys) {
    List<Column<Project>> columns =
        new ArrayList<>(
            List.of(
                Column.of("name", visit.text("tenants.name"), p -> new Cell.Text(p.name())),
                Column.of("title", visit.text("tenants.full-name"), p -> new Cell.Text(p.title())),
                Column.figures(
                    "keys",
                    visit.text("tenants.projects.keys"),
                    p -> {
                      long count = keys.getOrDefault(p.name(), 0L);
                      return new Cell.Figure(
                              visit.ui().formats().count(count), Long.toString(count))
                          .provenAt("/console/develop?tenant=" + visit.tenantName() + "#keys");
                    }),
                Column.of(
                    "created", visit.text("tenants.created"), p -> new Cell.Time(p.created()))));
    if (visit.may(Permission.PROJECTS)) {
      columns.add(
          removal(visit, "project", Project::name, p -> p.name().equals(Organisation.DEFAULT)));
    }
    return columns;
  }

  private static List<Column<ServiceAccount>> accountColumns(Visit visit) {
    List<Column<ServiceAccount>> columns =
        new ArrayList<>(
            List.of(
                Column.of("name", visit.text("tenants.name"), a -> new Cell.Text(a.name())),
                Column.of(
                    "project", visit.text("tenants.projects.one"), a -> new Cell.Text(a.project())),
                Column.of(
                    "role",
                    visit.text("tenants.people.role"),
                    a -> new Cell.Text(visit.text("tenants.role." + a.role().label()))),
                Column.of(
                    "created", visit.text("tenants.created"), a -> new Cell.Time(a.created()))));
    if (visit.may(Permission.PROJECTS)) {
      columns.add(removal(visit, "account", ServiceAccount::name, _ -> false));
    }
    return columns;
  }

  private static <R> Column<R> removal(
      Visit visit, String kind, Function<R, String> name, Function<R, Boolean> stays) {
    return Column.of(
        "actions",
        visit.text("ui.actions"),
        row ->
            stays.apply(row)
                ? new Cell.Nothing()
                : new Cell.Buttons(
                    List.of(
                        new Cell.Button(
                            visit.text("tenants.remove"),
                            visit.exchange().path(),
                            Map.of("do", "remove-" + kind, "name", name.apply(row)),
                            visit.text("tenants." + kind + ".remove.question", name.apply(row))))));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String tenant = visit.tenantName();
    String name = form.text("name").strip();
    List<String> projects = List.of("tenants", tenant, "projects");
    List<String> accounts = List.of("tenants", tenant, "service-accounts");
    JsonNode _ =
        switch (form.text("do")) {
          case "add-project" ->
              visit.call(
                  "POST",
                  projects,
                  Visit.fields().put("name", name).put("title", form.text("title")));
          case "add-account" ->
              visit.call(
                  "POST",
                  accounts,
                  Visit.fields().put("name", name).put("project", form.text("project")));
          case "remove-project" ->
              visit.call("DELETE", List.of("tenants", tenant, "projects", name), Visit.fields());
          case "remove-account" ->
              visit.call(
                  "DELETE", List.of("tenants", tenant, "service-accounts", name), Visit.fields());
          default -> throw PeoplePage.unknown();
        };
    return View.redirect(visit.exchange().path(), visit.text("tenants.done"));
  }
}
