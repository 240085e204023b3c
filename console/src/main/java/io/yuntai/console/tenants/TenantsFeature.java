package io.yuntai.console.tenants;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Page;
import io.yuntai.server.console.ConsoleServices;
import java.util.List;

/** Who shares this server. */
public final class TenantsFeature implements Feature {
  private final ConsoleServices services;

  /** On these services. */
  public TenantsFeature(ConsoleServices services) {
    this.services = services;
  }

  @Override
  public List<Page> pages() {
    return List.of(
        new TenantListPage(services),
        new PeoplePage(services),
        new ProjectsPage(services),
        new BudgetsPage(services),
        new TermsPage(services.admin().texts()));
  }
}
