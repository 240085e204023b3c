package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Project;
import io.yuntai.ledger.tenancy.Projects;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai projects list|create|remove}. */
@Command(
    name = "projects",
    description = "Make and look after a tenant's projects: keys, usage and budgets apart.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai projects create shop --tenant acme --title 'Web shop'",
      "  yuntai projects list --tenant acme"
    })
public final class ProjectsCommand extends Noun {
  private ProjectsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new ProjectsCommand(context),
        new ListAll(context),
        new Create(context),
        new Remove(context));
  }

  /** {@code projects list}. */
  @Command(name = "list", aliases = "ls", description = "List a tenant's projects.")
  static final class ListAll extends TenantVerb {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Projects projects = services.tenancy().projects();
      List<Project> all = LocalTenants.all(page -> projects.list(org, page));
      return new Told(all.stream().map(Views::project).toList(), () -> print(all));
    }

    private void print(List<Project> all) {
      Table table = new Table(context.screen(), "NAME", "SINCE", "TITLE");
      all.forEach(project ->
          table.row(
              project.name(), project.created().toString().substring(0, 10), project.title()));
      table.print();
    }
  }

  /** {@code projects create}. */
  @Command(name = "create", description = "Make a project.")
  static final class Create extends TenantVerb {
    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and '-'.")
    private String name = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "For people.")
    private String title = "";

    Create(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Project made = services.tenancy().projects().create(LocalTenants.actor(), org, name, title);
      return told(Views.project(made), "projects.made", made.name(), org.name());
    }
  }

  /** {@code projects remove}. */
  @Command(name = "remove", aliases = "rm", description = "Delete a project that has no keys.")
  static final class Remove extends TenantVerb {
    @Parameters(paramLabel = "NAME", description = "The project.")
    private String name = "";

    Remove(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      services.tenancy().projects().delete(LocalTenants.actor(), org, name, ExpectedVersion.ANY);
      return told(Map.of("name", name, "removed", true), "projects.removed", name, org.name());
    }
  }
}
