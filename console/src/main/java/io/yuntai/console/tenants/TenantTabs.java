package io.yuntai.console.tenants;

import io.yuntai.console.page.Visit;
import io.yuntai.ledger.tenancy.Permission;
import java.util.List;
import java.util.stream.Stream;

/**
 * The head of a tenant's pages.
 *
 * @param title of the tenant
 * @param tabs its pages
 */
public record TenantTabs(String title, List<Tab> tabs) {
  /** Path of the first of them. */
  public static final String ROOT = "/console/tenants/{tenant}";

  /**
   * One page of a tenant.
   *
   * @param path its address
   * @param label for people
   * @param current whether it is the one that is shown
   */
  public record Tab(String path, String label, boolean current) {}

  /** Those that the reader may open. */
  public static TenantTabs of(Visit visit) {
    var tenant = visit.tenant();
    String root = "/console/tenants/" + tenant.name();
    return new TenantTabs(
        tenant.title().isEmpty() ? tenant.name() : visit.ui().sentence(tenant.title()),
        Stream.of("", "/projects", "/budgets", "/terms", "/look")
            .filter(end -> !end.equals("/look") || visit.may(Permission.MEMBERS))
            .map(end ->
                new Tab(
                    root + end,
                    visit.text("tenants.tab" + end.replace('/', '.')),
                    visit.exchange().path().equals(root + end)))
            .toList());
  }
}
