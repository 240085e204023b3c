package io.yuntai.console.tenants;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.http.FormFields;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /console/tenants/NAME/terms}: what a tenant is called, and on what terms it is served. */
public final class TermsPage implements Page {
  /**
   * What its template shows.
   *
   * @param mayChange whether the reader may change name and time zone
   * @param operates whether the reader may change the rest
   * @param stays whether it is the server's own, which is never suspended or deleted
   */
  public record Model(
      TenantTabs tabs, Organisation org, boolean mayChange, boolean operates, boolean stays) {}

  @Override
  public String path() {
    return TenantTabs.ROOT + "/terms";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public View show(Visit visit) {
    Organisation org = visit.tenant();
    return View.html(
        "tenants/terms.jte",
        new Model(
            TenantTabs.of(visit),
            org,
            visit.may(Permission.OWN),
            visit.operates(),
            org.id() == Organisation.DEFAULT_ID));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    List<String> path = List.of("tenants", visit.tenantName());
    ObjectNode fields = Visit.fields();
    switch (form.text("do")) {
      case "change" -> {
        fields.put("title", form.text("title")).put("time_zone", form.text("time_zone"));
        form.first("billing").ifPresent(billing -> fields.put("billing", billing));
      }
      case "suspend" -> fields.put("status", "suspended");
      case "resume" -> fields.put("status", "active");
      case "delete" -> {
        JsonNode _ = visit.call("DELETE", path, fields);
        return View.redirect("/console/tenants", visit.text("tenants.deleted", visit.tenantName()));
      }
      default -> throw PeoplePage.unknown();
    }
    JsonNode _ = visit.call("PATCH", path, fields);
    return View.redirect(visit.exchange().path(), visit.text("tenants.done"));
  }
}
