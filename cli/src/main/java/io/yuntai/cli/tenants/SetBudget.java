package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetTerms;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code yuntai budgets set}. */
@Command(
    name = "set",
    description =
        "Set a budget, or change it: there is one for each target, unit and period."
            + " Without --project, --user or --key it is the tenant's.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai budgets set 1000/month --tenant acme --alert 50,80,100",
      "  yuntai budgets set '100k tokens/day' --tenant acme --project web",
      "  yuntai budgets set '8 parallel' --tenant acme --key ID",
      "  yuntai budgets set 50/day --tenant acme --soft            tell, but refuse nothing"
    })
final class SetBudget implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(
      paramLabel = "AMOUNT",
      description =
          "1/day, 50/month (in the tenant's currency), 100k tokens/day, 60 requests/minute,"
              + " 8 parallel. Periods: minute, hour, day, week, month, total.")
  private String amount = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "Whose (default: ${DEFAULT-VALUE}).")
  private String tenant = "";

  @Option(names = "--project", paramLabel = "NAME", description = "Of this project.")
  private @Nullable String project;

  @Option(names = "--user", paramLabel = "EMAIL", description = "Of this member's keys.")
  private @Nullable String user;

  @Option(names = "--key", paramLabel = "ID", description = "Of this key.")
  private @Nullable String key;

  @Option(
      names = "--alert",
      paramLabel = "PERCENT",
      split = ",",
      description = "Tell at these percentages (default: 80,100).")
  private List<Integer> alerts = BudgetTerms.DEFAULT_ALERTS;

  @Option(names = "--soft", description = "Tell when it is used up, but refuse nothing.")
  private boolean soft;

  @Option(names = "--json", description = "Print the budget as the admin API answers it.")
  private boolean json;

  SetBudget(CliContext context) {
    this.context = context;
  }

  private record Done(ObjectNode view, String words) {}

  @Override
  public Integer call() {
    if (Stream.of(project, user, key).filter(Objects::nonNull).count() > 1) {
      throw new CommandException(
          ExitCode.USAGE, "A budget is of one thing: give --project, --user or --key.");
    }
    Done done = LocalTenants.with(context, home, this::set);
    String sentence =
        context.text("budgets.set", done.view().path("id").asString(), tenant, done.words());
    context.screen().result(json ? Json.text(done.view()) : sentence);
    return ExitCode.OK.number();
  }

  private Done set(AdminServices services) {
    Organisation org = services.tenancy().organisations().find(tenant);
    IsoCurrency currency = IsoCurrency.of(org.currency());
    BudgetTerms read = BudgetText.parse(amount, currency);
    BudgetTerms terms = new BudgetTerms(read.unit(), read.period(), read.amount(), !soft, alerts);
    Budget budget =
        services
            .budgets()
            .set(LocalTenants.actor(), org, target(services, org), terms, ExpectedVersion.ANY);
    if (terms.unit() == Unit.MONEY) {
      LocalTenants.noteUnpriced(context, services, org);
    }
    return new Done(
        Views.budget(org, services.budgets().find(org, budget.id())),
        BudgetText.words(terms, currency));
  }

  private BudgetTarget target(AdminServices services, Organisation org) {
    if (project != null) {
      return new BudgetTarget(
          Level.PROJECT, services.tenancy().projects().find(org, project).id(), project);
    }
    if (user != null) {
      return new BudgetTarget(
          Level.USER, services.tenancy().members().find(org, user).userId(), user);
    }
    if (key != null) {
      ApiKey found = services.keys().find(org.id(), key);
      ApiKey root = services.keys().find(org.id(), found.rootId());
      return new BudgetTarget(Level.KEY, root.rowId(), root.id());
    }
    return BudgetTarget.ORG;
  }
}
