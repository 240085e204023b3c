package io.yuntai.acceptance.browser;

import io.yuntai.acceptance.RealModels;
import java.util.List;

/** The pages that are checked: each is a line here. */
final class Pages {
  /**
   * A page.
   *
   * @param name of its pictures
   * @param path and query
   * @param signedIn whether the operator looks at it, or somebody who has not signed in
   */
  record Visited(String name, String path, boolean signedIn) {}

  static final List<Visited> ALL =
      List.of(
          new Visited("sign-in", "/sign-in", false),
          new Visited("now", "/console/now", true),
          new Visited("chat", "/console/chat", true),
          new Visited("models", "/console/models", true),
          new Visited("model", "/console/models/" + RealModels.SMOLLM2, true),
          new Visited("money", "/console/money", true),
          new Visited("proof", "/console/money/proof", true),
          new Visited("develop", "/console/develop", true),
          new Visited("requests", "/console/requests", true),
          new Visited("tenants", "/console/tenants", true),
          new Visited("tenant-people", "/console/tenants/default", true),
          new Visited("tenant-projects", "/console/tenants/default/projects", true),
          new Visited("tenant-budgets", "/console/tenants/default/budgets", true),
          new Visited("tenant-terms", "/console/tenants/default/terms", true),
          new Visited("tenant-look", "/console/tenants/default/look", true),
          new Visited("settings", "/console/settings", true),
          new Visited("second-factor", "/console/settings/second-factor", true),
          new Visited("offline", "/console/offline", false));

  private Pages() {}

  /** All, or those that the property {@code yuntai.pages} names, separated by commas. */
  static List<Visited> wanted() {
    String only = System.getProperty("yuntai.pages", "");
    return only.isEmpty()
        ? ALL
        : ALL.stream().filter(page -> List.of(only.split(",")).contains(page.name())).toList();
  }
}
