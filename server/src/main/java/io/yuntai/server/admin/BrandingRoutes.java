package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.Branding;
import io.yuntai.ledger.tenancy.Branding.Logo;
import io.yuntai.ledger.tenancy.Brandings;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the console looks for a tenant's people. */
final class BrandingRoutes {
  private static final String BRANDING = "/tenants/{tenant}/branding";
  private static final int MAX_BASE64_CHARS = 4 * (Branding.MAX_LOGO_BYTES / 3 + 1) + 1024;

  private final AdminServices services;
  private final Brandings brandings;

  BrandingRoutes(AdminServices services) {
    this.services = services;
    this.brandings = services.tenancy().brandings();
  }

  void addTo(AdminRoutes routes) {
    routes.get(
        BRANDING,
        "How the console looks for a tenant's people",
        Permission.READ,
        "Branding",
        this::get);
    routes.patch(
        BRANDING,
        "Change how the console looks for a tenant's people",
        Permission.MEMBERS,
        "BrandingChange",
        "Branding",
        this::change);
  }

  private AdminAnswer get(AdminRequest request) {
    Branding branding = brandings.of(AdminRoutes.tenant(services, request));
    return AdminAnswer.of(view(branding), branding.version());
  }

  private static ObjectNode view(Branding branding) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", branding.name())
        .put("accent", branding.accent())
        .put(
            "logo",
            branding
                .logo()
                .map(logo -> Base64.getEncoder().encodeToString(logo.content()))
                .orElse(null))
        .put("logo_type", branding.logo().map(Logo::type).orElse(null))
        .put("version", branding.version());
  }

  private AdminAnswer change(AdminRequest request) throws ApiException {
    Organisation org = AdminRoutes.tenant(services, request);
    Brandings.Change change =
        new Brandings.Change(
            request.has("name") ? request.optionalText("name").orElse("") : null,
            request.has("accent") ? request.optionalText("accent").orElse("") : null,
            request.has("logo"),
            logo(request));
    request.body().refuseUnknown();
    Branding changed = brandings.change(request.caller().actor(), org, change, request.expected());
    return AdminAnswer.of(view(changed), changed.version());
  }

  private static Optional<Logo> logo(AdminRequest request) throws ApiException {
    Optional<String> text = request.body().text("logo", MAX_BASE64_CHARS);
    try {
      return text.map(base64 -> Logo.of(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException _) {
      throw RefusedException.invalid("logo", "The logo must be a picture in Base64.");
    }
  }
}
