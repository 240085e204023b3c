package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.ledger.budgets.CreditKind;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code yuntai tenants credit}. */
@Command(name = "credit", description = "Give a prepaid tenant credit.")
final class GiveCredit implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "The tenant's name.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "AMOUNT", description = "In its currency, such as 50.")
  private String amount = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "paid",
      description = "free, plan, promo or paid; used up in this order (default: ${DEFAULT-VALUE}).")
  private String kind = "";

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "What is left is lost then: 90d, 8w, or 2027-01-31T00:00:00Z.")
  private @Nullable String expires;

  @Option(names = "--note", paramLabel = "TEXT", description = "For people.")
  private String note = "";

  @Option(names = "--json", description = "Print the credit as the admin API answers it.")
  private boolean json;

  GiveCredit(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Instant until = expires == null ? null : Times.later("--expires", expires, Instant.now());
    ObjectNode given = LocalTenants.with(context, home, services -> give(services, until));
    String sentence =
        context.text(
            "tenants.credit",
            given.path("amount").asString(),
            given.path("currency").asString(),
            name);
    context.screen().result(json ? Json.text(given) : sentence);
    return ExitCode.OK.number();
  }

  private ObjectNode give(AdminServices services, @Nullable Instant until) {
    Organisation org = services.tenancy().organisations().find(name);
    LocalTenants.noteUnpriced(context, services, org);
    return Views.credit(
        org,
        services
            .credits()
            .give(
                LocalTenants.actor(),
                org,
                CreditKind.of(kind),
                LocalTenants.nano(org, amount),
                until,
                note));
  }
}
