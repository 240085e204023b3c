package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.admin.AdminServices;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command on what belongs to one tenant of this home. */
abstract class TenantVerb implements Callable<Integer> {
  final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "Whose (default: ${DEFAULT-VALUE}).")
  private String tenant = "";

  @Option(names = "--json", description = "Print it as the admin API answers it.")
  private boolean json;

  TenantVerb(CliContext context) {
    this.context = context;
  }

  /** What is printed: for programs, and for people. */
  record Told(Object json, Runnable words) {}

  @Override
  public final Integer call() {
    Told told =
        LocalTenants.with(
            context,
            home,
            services -> run(services, services.tenancy().organisations().find(tenant)));
    if (json) {
      context.screen().result(Json.text(told.json()));
    } else {
      told.words().run();
    }
    return ExitCode.OK.number();
  }

  HomeDirectory directory() {
    return home.directory(context.environment());
  }

  abstract Told run(AdminServices services, Organisation org);

  /** Something, and a sentence about it. */
  Told told(Object json, String key, Object... values) {
    return new Told(json, () -> context.screen().result(context.text(key, values)));
  }
}
