package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.BudgetTerms;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.Views;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai budgets set|list|rm}. */
@Command(
    name = "budgets",
    description = "Limit what tenants, projects, members and keys use within a time.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai budgets set 1000/month --tenant acme",
      "  yuntai budgets set '60 requests/minute' --tenant acme --key ID",
      "  yuntai budgets list --tenant acme",
      "  yuntai budgets rm 12 --tenant acme"
    })
public final class BudgetsCommand extends Noun {
  private BudgetsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new BudgetsCommand(context),
        new SetBudget(context),
        new ListAll(context),
        new Remove(context));
  }

  /** {@code budgets list}. */
  @Command(name = "list", aliases = "ls", description = "List budgets and how they stand.")
  static final class ListAll implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(
        names = "--tenant",
        paramLabel = "NAME",
        defaultValue = Organisation.DEFAULT,
        description = "Whose (default: ${DEFAULT-VALUE}).")
    private String tenant = "";

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListAll(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      record Standing(Organisation org, List<BudgetStatus> budgets) {}
      Standing standing =
          LocalTenants.with(
              context,
              home,
              services -> {
                Organisation org = services.tenancy().organisations().find(tenant);
                return new Standing(
                    org, LocalTenants.all(page -> services.budgets().list(org, page)));
              });
      if (json) {
        context
            .screen()
            .result(
                Json.text(
                    standing.budgets().stream()
                        .map(one -> Views.budget(standing.org(), one))
                        .toList()));
      } else if (standing.budgets().isEmpty()) {
        context.screen().note(context.text("budgets.none", tenant));
      } else {
        print(standing.org(), standing.budgets());
      }
      return ExitCode.OK.number();
    }

    private void print(Organisation org, List<BudgetStatus> budgets) {
      Table table =
          new Table(context.screen(), "ID", "OF", "BUDGET", "USED", "RESERVED", "UNTIL")
              .alignRight(3, 4);
      for (BudgetStatus one : budgets) {
        Budget budget = one.budget();
        BudgetTerms terms = budget.terms();
        String words = BudgetText.words(terms, IsoCurrency.of(org.currency()));
        table.row(
            Long.toString(budget.id()),
            (budget.target().level().publicLabel() + " " + budget.target().name()).strip(),
            words + (terms.hard() ? "" : " (soft)"),
            Views.amount(org, terms.unit(), one.used()),
            Views.amount(org, terms.unit(), one.reserved()),
            one.window().to().equals(Instant.MAX) ? "-" : Times.minute(one.window().to()));
      }
      table.print();
    }
  }

  /** {@code budgets rm}. */
  @Command(name = "rm", description = "End a budget: it limits nothing from now on.")
  static final class Remove implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The budget's id, as 'budgets list' shows it.")
    private long id;

    @Option(
        names = "--tenant",
        paramLabel = "NAME",
        defaultValue = Organisation.DEFAULT,
        description = "Whose (default: ${DEFAULT-VALUE}).")
    private String tenant = "";

    @Option(names = "--json", description = "Print {\"id\",\"removed\"}.")
    private boolean json;

    Remove(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      LocalTenants.with(
          context,
          home,
          services -> {
            Organisation org = services.tenancy().organisations().find(tenant);
            services.budgets().remove(LocalTenants.actor(), org, id, ExpectedVersion.ANY);
            return true;
          });
      String sentence = context.text("budgets.removed", id);
      context
          .screen()
          .result(json ? Json.text(Map.of("id", Long.toString(id), "removed", true)) : sentence);
      return ExitCode.OK.number();
    }
  }
}
