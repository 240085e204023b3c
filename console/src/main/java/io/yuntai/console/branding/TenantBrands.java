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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tenants have set; where one has set nothing, what the tenant {@code default} has, whose
 * server it is. Safe for use by many threads.
 */
public final class TenantBrands implements Brands {
  static final String ROOT = "/console/branding/";

  /** Pages of strangers ask too: so not each of them asks the database. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  private static final int MOST_KEPT = 1000;

  private final Tenancy tenancy;
  private final InstantSource clock;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  private record Kept(Brand brand, Instant until) {}

  /** Of these tenants. */
  public TenantBrands(Tenancy tenancy, InstantSource clock) {
    this.tenancy = tenancy;
    this.clock = clock;
  }

  @Override
  public Brand of(String tenant) {
    Instant now = clock.instant();
    Kept known = kept.get(tenant);
    if (known != null && now.isBefore(known.until())) {
      return known.brand();
    }
    if (kept.size() >= MOST_KEPT) {
      kept.clear();
    }
    Brand read = read(tenant);
    kept.put(tenant, new Kept(read, now.plus(KEPT)));
    return read;
  }

  /** Asks the database again: a tenant's look was changed here. */
  void forget() {
    kept.clear();
  }

  private Brand read(String tenant) {
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
