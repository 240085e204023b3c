package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.OrganisationChange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code yuntai tenants create|list|show|credit|suspend|resume|delete}. */
@Command(
    name = "tenants",
    description =
        "Make and look after tenants: organisations with their own keys, budgets and bills.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai tenants create acme --currency CNY --credit 100",
      "  yuntai tenants show acme",
      "  yuntai tenants credit acme 50 --expires 90d",
      "  yuntai tenants suspend acme"
    })
public final class TenantsCommand extends Noun {
  private TenantsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new TenantsCommand(context),
        new CreateTenant(context),
        new ListAll(context),
        new Show(context),
        new GiveCredit(context),
        new Suspend(context),
        new Resume(context),
        new Delete(context));
  }

  /** {@code tenants list}. */
  @Command(name = "list", aliases = "ls", description = "List the tenants.")
  static final class ListAll implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListAll(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      List<ObjectNode> tenants =
          LocalTenants.with(
              context,
              home,
              services ->
                  LocalTenants.all(services.tenancy().organisations()::list).stream()
                      .map(services::view)
                      .toList());
      if (json) {
        context.screen().result(Json.text(tenants));
        return ExitCode.OK.number();
      }
      Table table =
          new Table(
                  context.screen(), "NAME", "STATUS", "BILLING", "CURRENCY", "CREDIT LEFT", "TITLE")
              .alignRight(4);
      tenants.forEach(tenant ->
          table.row(
              tenant.path("name").asString(),
              tenant.path("status").asString(),
              tenant.path("billing").asString(),
              tenant.path("currency").asString(),
              tenant.path("credit").path("left").asString("-"),
              tenant.path("title").asString()));
      table.print();
      return ExitCode.OK.number();
    }
  }

  /** {@code tenants show}. */
  @Command(name = "show", description = "Show a tenant.")
  static final class Show implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The tenant's name.")
    private String name = "";

    @Option(names = "--json", description = "Print it as the admin API answers it.")
    private boolean json;

    Show(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      ObjectNode tenant =
          LocalTenants.with(
              context,
              home,
              services -> services.view(services.tenancy().organisations().find(name)));
      if (json) {
        context.screen().result(Json.text(tenant));
        return ExitCode.OK.number();
      }
      tenant
          .properties()
          .forEach(field -> {
            if (!field.getValue().isContainer() && !field.getValue().isNull()) {
              line(field.getKey().replace('_', ' '), field.getValue().asString());
            }
          });
      String currency = tenant.path("currency").asString();
      tenant
          .path("credit")
          .properties()
          .forEach(
              part -> line("credit " + part.getKey(), part.getValue().asString() + " " + currency));
      return ExitCode.OK.number();
    }

    private void line(String what, String value) {
      context.screen().result(what + " ".repeat(Math.max(1, 17 - what.length())) + value);
    }
  }

  private static Integer suspend(
      CliContext context, HomeOption home, String name, boolean suspended, boolean json) {
    ObjectNode tenant =
        LocalTenants.with(
            context,
            home,
            services ->
                services.view(
                    services
                        .tenancy()
                        .organisations()
                        .change(
                            LocalTenants.actor(),
                            name,
                            OrganisationChange.suspended(suspended),
                            ExpectedVersion.ANY)));
    String sentence = context.text(suspended ? "tenants.suspended" : "tenants.resumed", name);
    context.screen().result(json ? Json.text(tenant) : sentence);
    return ExitCode.OK.number();
  }

  /** {@code tenants suspend}. */
  @Command(name = "suspend", description = "Refuse a tenant's keys until it is resumed.")
  static final class Suspend implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The tenant's name.")
    private String name = "";

    @Option(names = "--json", description = "Print the tenant as the admin API answers it.")
    private boolean json;

    Suspend(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return suspend(context, home, name, true, json);
    }
  }

  /** {@code tenants resume}. */
  @Command(name = "resume", description = "Serve a suspended tenant again.")
  static final class Resume implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The tenant's name.")
    private String name = "";

    @Option(names = "--json", description = "Print the tenant as the admin API answers it.")
    private boolean json;

    Resume(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      return suspend(context, home, name, false, json);
    }
  }

  /** {@code tenants delete}. */
  @Command(
      name = "delete",
      aliases = "rm",
      description = "Delete a tenant: its keys are refused for ever; its usage and bills stay.")
  static final class Delete implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The tenant's name.")
    private String name = "";

    @Option(names = "--json", description = "Print {\"name\",\"deleted\"}.")
    private boolean json;

    Delete(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      LocalTenants.with(
          context,
          home,
          services -> {
            services
                .tenancy()
                .organisations()
                .delete(LocalTenants.actor(), name, ExpectedVersion.ANY);
            return true;
          });
      String sentence = context.text("tenants.deleted", name);
      context.screen().result(json ? Json.text(Map.of("name", name, "deleted", true)) : sentence);
      return ExitCode.OK.number();
    }
  }
}
