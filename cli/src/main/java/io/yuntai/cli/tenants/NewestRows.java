package io.yuntai.cli.tenants;

import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.server.admin.AdminServices;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a list that has the newest first: options that such commands share. */
final class NewestRows {
  @Option(names = "--tenant", paramLabel = "NAME", description = "Only what is this tenant's.")
  private @Nullable String tenant;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print a JSON array, as the admin API has them.")
  private boolean json;

  /** Whether JSON is wanted. */
  boolean json() {
    return json;
  }

  /**
   * The rows.
   *
   * @param all of every tenant
   * @param ofOne of one
   */
  <R> List<R> read(
      AdminServices services,
      Function<PageRequest, Page<R>> all,
      BiFunction<Organisation, PageRequest, Page<R>> ofOne) {
    PageRequest page = PageRequest.first(limit);
    return (tenant == null
            ? all.apply(page)
            : ofOne.apply(services.tenancy().organisations().find(tenant), page))
        .items();
  }
}
