package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.ledger.budgets.CreditKind;
import io.yuntai.ledger.tenancy.NewOrganisation;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Organisation.Billing;
import io.yuntai.server.admin.AdminServices;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code yuntai tenants create}. */
@Command(
    name = "create",
    description = "Make a tenant with a project 'default'.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai tenants create acme --currency CNY --credit 100    prepaid: served up to 100 CNY",
      "  yuntai tenants create lab --currency EUR                  postpaid: limited by budgets"
    })
final class CreateTenant implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "NAME", description = "a-z, 0-9 and '-'.")
  private String name = "";

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      required = true,
      description = "Of its budgets, credit and bills: CNY, USD, EUR, ... It stays.")
  private String currency = "";

  @Option(
      names = "--credit",
      paramLabel = "AMOUNT",
      description = "Paid beforehand; nothing is served beyond it.")
  private @Nullable String credit;

  @Option(names = "--title", paramLabel = "TEXT", description = "Its name for people.")
  private String title = "";

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Where its days begin: Asia/Shanghai (default: ${DEFAULT-VALUE}).")
  private String zone = "";

  @Option(names = "--json", description = "Print the tenant as the admin API answers it.")
  private boolean json;

  CreateTenant(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ObjectNode made =
        LocalTenants.with(
            context,
            home,
            services -> services.view(services.tenancy().together(() -> make(services))));
    String sentence = context.text("tenants.created", name);
    context.screen().result(json ? Json.text(made) : sentence);
    return ExitCode.OK.number();
  }

  private Organisation make(AdminServices services) {
    Billing billing = credit == null ? Billing.POSTPAID : Billing.PREPAID;
    Organisation org =
        services
            .tenancy()
            .organisations()
            .create(
                LocalTenants.actor(), new NewOrganisation(name, title, currency, billing, zone));
    if (credit != null) {
      services
          .credits()
          .give(
              LocalTenants.actor(), org, CreditKind.PAID, LocalTenants.nano(org, credit), null, "");
      LocalTenants.noteUnpriced(context, services, org);
    }
    return org;
  }
}
