package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.ledger.tenancy.ServiceAccount;
import io.yuntai.ledger.tenancy.ServiceAccounts;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai service-accounts list|create|remove}. */
@Command(
    name = "service-accounts",
    description = "Make and look after a tenant's programs, whose keys outlive whoever made them.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai service-accounts create ci --tenant acme --project shop"})
public final class AccountsCommand extends Noun {
  private AccountsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new AccountsCommand(context),
        new ListAll(context),
        new Create(context),
        new Remove(context));
  }

  /** {@code service-accounts list}. */
  @Command(name = "list", aliases = "ls", description = "List a tenant's service accounts.")
  static final class ListAll extends TenantVerb {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      ServiceAccounts accounts = services.tenancy().serviceAccounts();
      List<ServiceAccount> all = LocalTenants.all(page -> accounts.list(org, page));
      return new Told(all.stream().map(Views::serviceAccount).toList(), () -> print(all));
    }

    private void print(List<ServiceAccount> all) {
      Table table = new Table(context.screen(), "NAME", "PROJECT", "ROLE", "SINCE");
      all.forEach(account ->
          table.row(
              account.name(),
              account.project(),
              account.role().label(),
              account.created().toString().substring(0, 10)));
      table.print();
    }
  }

  /** {@code service-accounts create}. */
  @Command(name = "create", description = "Make a service account.")
  static final class Create extends TenantVerb {
    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and '-'.")
    private String name = "";

    @Option(
        names = "--project",
        paramLabel = "NAME",
        defaultValue = Organisation.DEFAULT,
        description = "Where it belongs (default: ${DEFAULT-VALUE}).")
    private String project = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        defaultValue = "developer",
        description = "admin, billing, developer, auditor or user (default: ${DEFAULT-VALUE}).")
    private String role = "";

    Create(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Project of = services.tenancy().projects().find(org, project);
      ServiceAccount made =
          services
              .tenancy()
              .serviceAccounts()
              .create(LocalTenants.actor(), org, name, of, Role.of(role));
      return told(Views.serviceAccount(made), "accounts.made", made.name(), org.name());
    }
  }

  /** {@code service-accounts remove}. */
  @Command(
      name = "remove",
      aliases = "rm",
      description = "Delete a service account; its keys are refused from then on.")
  static final class Remove extends TenantVerb {
    @Parameters(paramLabel = "NAME", description = "The service account.")
    private String name = "";

    Remove(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      services
          .tenancy()
          .serviceAccounts()
          .delete(LocalTenants.actor(), org, name, ExpectedVersion.ANY);
      return told(Map.of("name", name, "removed", true), "accounts.removed", name, org.name());
    }
  }
}
