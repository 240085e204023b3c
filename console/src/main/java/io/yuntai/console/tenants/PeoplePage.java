package io.yuntai.console.tenants;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.FormFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * {@code /console/tenants/NAME}: a tenant's people, what they are, and the links that let them in.
 */
public final class PeoplePage implements Page {
  private final ConsoleServices services;

  PeoplePage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param roles that the reader may give
   * @param link that was made just now; empty for none
   * @param linkFor whom it lets in
   */
  public record Model(
      TenantTabs tabs,
      Table people,
      List<Map.Entry<String, String>> roles,
      boolean mayChange,
      String link,
      String linkFor) {}

  @Override
  public String path() {
    return TenantTabs.ROOT;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    return show(visit, "", "");
  }

  private View show(Visit visit, String link, String linkFor) {
    Listing<Member> listing =
        Listing.of(
            "members",
            columns(visit),
            page -> services.admin().tenancy().members().list(visit.tenant(), page));
    if (listing.isWanted(visit)) {
      return listing.csv("members-" + visit.tenantName());
    }
    return View.html(
        "tenants/people.jte",
        new Model(
            TenantTabs.of(visit),
            listing.table(visit, visit.text("tenants.people.empty")),
            roles(visit),
            visit.may(Permission.MEMBERS),
            link,
            linkFor));
  }

  private static List<Map.Entry<String, String>> roles(Visit visit) {
    return Arrays.stream(Role.values())
        .filter(role -> role != Role.OWNER || visit.may(Permission.OWN))
        .map(role -> Map.entry(role.label(), visit.text("tenants.role." + role.label())))
        .toList();
  }

  private List<Column<Member>> columns(Visit visit) {
    boolean mayChange = visit.may(Permission.MEMBERS);
    List<Column<Member>> columns =
        new ArrayList<>(
            List.of(
                Column.of(
                    "email", visit.text("tenants.people.email"), m -> new Cell.Text(m.email())),
                Column.of("name", visit.text("tenants.people.name"), m -> new Cell.Text(m.name())),
                Column.of(
                    "role",
                    visit.text("tenants.people.role"),
                    m ->
                        mayChange && mayTouch(visit, m)
                            ? new Cell.Choice(
                                visit.text("tenants.people.role-of", m.email()),
                                visit.exchange().path(),
                                Map.of("do", "role", "email", m.email()),
                                "role",
                                roles(visit),
                                m.role().label())
                            : new Cell.Text(visit.text("tenants.role." + m.role().label()))),
                Column.of(
                    "created",
                    visit.text("tenants.people.since"),
                    m -> new Cell.Time(m.created()))));
    if (mayChange) {
      columns.add(Column.of("actions", visit.text("ui.actions"), m -> actions(visit, m)));
    }
    return columns;
  }

  private static boolean mayTouch(Visit visit, Member member) {
    return member.role() != Role.OWNER || visit.may(Permission.OWN);
  }

  private static Cell actions(Visit visit, Member member) {
    if (!mayTouch(visit, member)) {
      return new Cell.Nothing();
    }
    String here = visit.exchange().path();
    return new Cell.Buttons(
        List.of(
            new Cell.Button(
                visit.text("tenants.people.link"),
                here,
                Map.of("do", "link", "email", member.email()),
                ""),
            new Cell.Button(
                visit.text("tenants.people.remove"),
                here,
                Map.of("do", "remove", "email", member.email()),
                visit.text("tenants.people.remove.question", member.email()))));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    String tenant = visit.tenantName();
    String email = form.text("email").strip();
    List<String> member = List.of("tenants", tenant, "members", email);
    return switch (form.text("do")) {
      case "add" -> {
        JsonNode _ =
            visit.call(
                "POST",
                List.of("tenants", tenant, "members"),
                Visit.fields()
                    .put("email", email)
                    .put("name", form.text("name"))
                    .put("role", form.text("role")));
        yield View.redirect(visit.exchange().path(), visit.text("tenants.people.added", email));
      }
      case "role" -> {
        JsonNode _ = visit.call("PATCH", member, Visit.fields().put("role", form.text("role")));
        yield View.redirect(visit.exchange().path(), visit.text("tenants.people.changed", email));
      }
      case "remove" -> {
        JsonNode _ = visit.call("DELETE", member, Visit.fields());
        yield View.redirect(visit.exchange().path(), visit.text("tenants.people.removed", email));
      }
      case "link" -> {
        JsonNode made =
            visit.call(
                "POST", List.of("tenants", tenant, "members", email, "link"), Visit.fields());
        yield show(
            visit, services.gate().base(visit.exchange()) + made.path("path").asString(), email);
      }
      default -> throw unknown();
    };
  }

  /** A form that no page of this version has. */
  static ApiException unknown() {
    return new ApiException(
        ApiError.invalidRequest(
            400, "bad_http_request", "This page is of another version: load it again."));
  }
}
