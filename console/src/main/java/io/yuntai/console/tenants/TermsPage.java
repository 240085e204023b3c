package io.yuntai.console.tenants;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.texts.KeptTexts;
import io.yuntai.ledger.texts.TextKeeping;
import io.yuntai.server.http.FormFields;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /console/tenants/NAME/terms}: what a tenant is called, and on what terms it is served. */
public final class TermsPage implements Page {
  private final KeptTexts texts;

  TermsPage(KeptTexts texts) {
    this.texts = texts;
  }

  /**
   * What its template shows.
   *
   * @param mayChange whether the reader may change name and time zone
   * @param operates whether the reader may change the rest
   * @param stays whether it is the server's own, which is never suspended or deleted
   * @param keptDays for how long what is asked and answered is kept; 0 for not at all
   * @param mayKeep whether the reader may change that
   */
  public record Model(
      TenantTabs tabs,
      Organisation org,
      boolean mayChange,
      boolean operates,
      boolean stays,
      int keptDays,
      boolean mayKeep) {}

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
            org.id() == Organisation.DEFAULT_ID,
            texts.keeping(org).days(),
            visit.may(Permission.MEMBERS)));
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
      case "texts" -> {
        if (!form.text("days").matches("[0-9]{1,4}")) {
          throw RefusedException.invalid(
              "days", "Texts are kept for 0 to %d days.".formatted(TextKeeping.MAX_DAYS));
        }
        JsonNode _ =
            visit.call(
                "PATCH",
                List.of("tenants", visit.tenantName(), "text-keeping"),
                fields.put("days", Integer.parseInt(form.text("days"))));
        return View.redirect(visit.exchange().path(), visit.text("tenants.done"));
      }
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
