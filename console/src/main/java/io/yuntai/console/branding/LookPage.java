package io.yuntai.console.branding;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.tenants.TenantTabs;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Branding;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.http.FormFields;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /console/tenants/NAME/look}: a tenant's own name, logo and accent. */
public final class LookPage implements Page {
  private static final String OWN_ACCENT = "#0b6b5d";

  private final Tenancy tenancy;
  private final TenantBrands brands;

  LookPage(Tenancy tenancy, TenantBrands brands) {
    this.tenancy = tenancy;
    this.brands = brands;
  }

  /**
   * What its template shows.
   *
   * @param name what the console is called; empty for the product's own
   * @param accent what the tenant chose, or the product's own
   * @param hasAccent whether the tenant chose one
   * @param hasLogo whether it has a logo
   */
  public record Model(
      TenantTabs tabs, String name, String accent, boolean hasAccent, boolean hasLogo) {}

  @Override
  public String path() {
    return TenantTabs.ROOT + "/look";
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.MEMBERS);
  }

  @Override
  public View show(Visit visit) {
    Branding branding = tenancy.brandings().of(visit.tenant());
    return View.html(
        "branding/look.jte",
        new Model(
            TenantTabs.of(visit),
            branding.name(),
            branding.accent().isEmpty() ? OWN_ACCENT : branding.accent(),
            !branding.accent().isEmpty(),
            branding.logo().isPresent()));
  }

  @Override
  public View act(Visit visit, FormFields form) throws ApiException {
    ObjectNode fields = Visit.fields().put("name", form.text("name"));
    fields.put("accent", form.first("own-accent").isPresent() ? "" : form.text("accent"));
    if (form.first("no-logo").isPresent()) {
      fields.putNull("logo");
    } else if (!form.text("logo").isEmpty()) {
      fields.put("logo", form.text("logo"));
    }
    JsonNode _ = visit.call("PATCH", List.of("tenants", visit.tenantName(), "branding"), fields);
    brands.forget();
    return View.redirect(visit.exchange().path(), visit.text("branding.done"));
  }
}
