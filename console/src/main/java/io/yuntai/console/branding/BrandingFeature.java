package io.yuntai.console.branding;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Branding;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.server.console.ConsoleServices;
import io.yuntai.server.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How the console looks for each tenant. */
public final class BrandingFeature implements Feature {
  private final Tenancy tenancy;
  private final TenantBrands brands;

  /** On these services. */
  public BrandingFeature(ConsoleServices services, TenantBrands brands) {
    this.tenancy = services.admin().tenancy();
    this.brands = brands;
  }

  @Override
  public List<Page> pages() {
    return List.of(new LookPage(tenancy, brands));
  }

  /** The look of the tenant {@code default} is everybody's, who may not even be signed in. */
  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET",
            TenantBrands.ROOT + "{tenant}/{version}/accent.css",
            Audience.ANYONE,
            this::accent),
        new Endpoint(
            "GET", TenantBrands.ROOT + "{tenant}/{version}/logo", Audience.ANYONE, this::logo));
  }

  private Branding branding(Visit visit) throws ApiException {
    String tenant = visit.place("tenant");
    boolean shown =
        tenant.equals(Organisation.DEFAULT)
            || (visit.somebody().isPresent() && visit.caller().may(Permission.READ, tenant));
    if (!shown) {
      throw nothing();
    }
    return tenancy.brandings().of(tenancy.organisations().find(tenant));
  }

  private static ApiException nothing() {
    return new ApiException(ApiError.invalidRequest(404, "not_found", "There is no such file."));
  }

  private void accent(Visit visit, Exchange exchange) throws ApiException, IOException {
    Branding branding = branding(visit);
    if (branding.accent().isEmpty()) {
      throw nothing();
    }
    byte[] css = Accent.of(branding.accent()).css().getBytes(StandardCharsets.UTF_8);
    write(exchange, "text/css; charset=utf-8", css);
  }

  private void logo(Visit visit, Exchange exchange) throws ApiException, IOException {
    Branding.Logo logo = branding(visit).logo().orElseThrow(BrandingFeature::nothing);
    write(exchange, logo.type(), logo.content());
  }

  /** For ever under an address that names the version; for this browser alone. */
  private static void write(Exchange exchange, String type, byte[] content) throws IOException {
    exchange.header("Cache-Control", "private, max-age=31536000, immutable");
    exchange.whole(200, type, content);
  }
}
