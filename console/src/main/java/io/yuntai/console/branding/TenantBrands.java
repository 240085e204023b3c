package io.yuntai.console.branding;

import io.yuntai.console.page.Brand;
import io.yuntai.console.page.Brands;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.tenancy.Branding;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Tenancy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What tenants have set; where one has set nothing, what the tenant {@code default} has, whose
 * server it is. Safe for use by many threads.
 */
public final class TenantBrands implements Brands {
  static final String ROOT = "/console/branding/";

  private final Tenancy tenancy;

  /** Of these tenants. */
  public TenantBrands(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  @Override
  public Brand of(String tenant) {
    try {
      String whose = tenant.isEmpty() ? Organisation.DEFAULT : tenant;
      Branding branding = branding(whose);
      if (branding.version() == 0 && !whose.equals(Organisation.DEFAULT)) {
        whose = Organisation.DEFAULT;
        branding = branding(whose);
      }
      return brand(whose, branding);
    } catch (RefusedException | DatabaseException _) {
      return Brand.OWN; // a page that says what is wrong is shown all the same
    }
  }

  private Branding branding(String tenant) {
    return tenancy.brandings().of(tenancy.organisations().find(tenant));
  }

  private static Brand brand(String tenant, Branding branding) {
    String folder =
        ROOT + URLEncoder.encode(tenant, StandardCharsets.UTF_8) + "/" + branding.version() + "/";
    return new Brand(
        branding.name().isEmpty() ? Brand.OWN.name() : branding.name(),
        branding.logo().isPresent() ? folder + "logo" : "",
        branding.accent().isEmpty() ? "" : folder + "accent.css");
  }
}
