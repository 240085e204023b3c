package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetTerms;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.budgets.Level;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.ledger.keys.ModelPattern;
import io.yuntai.ledger.keys.Network;
import io.yuntai.ledger.keys.NewKey;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys create}. */
@Command(
    name = "create",
    description = "Make a key and print it. It is shown this once: only its hash is kept.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai keys create laptop",
      "  yuntai keys create ci --expires 90d --json",
      "  yuntai keys create ci --tenant acme --budget 1/day --models 'qwen*' --ip 10.0.0.0/8",
      "  yuntai keys create ops --scopes operator"
    })
final class CreateKey implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "NAME", description = "What you call it.")
  private String name = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "Whose it is (default: ${DEFAULT-VALUE}, this server's own).")
  private String tenant = "";

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "In which of the tenant's projects (default: ${DEFAULT-VALUE}).")
  private String project = "";

  @Option(names = "--user", paramLabel = "EMAIL", description = "Whose of the tenant's members.")
  private @Nullable String user;

  @Option(
      names = "--budget",
      paramLabel = "AMOUNT",
      description =
          "What it may use: 1/day, 50/month (in the tenant's currency), 100k tokens/day,"
              + " 60 requests/minute, 8 parallel. May be given several times.")
  private List<String> budgets = List.of();

  @Option(
      names = "--models",
      paramLabel = "PATTERN",
      split = ",",
      description = "For which models, '*' for any characters: 'qwen*' (default: all).")
  private List<String> models = List.of();

  @Option(
      names = "--scopes",
      paramLabel = "SCOPE",
      split = ",",
      description =
          "What for: generate, embed, files; admin for the admin API; of the tenant 'default' also"
              + " metrics and operator (default: all but admin and operator).")
  private List<String> scopes = List.of();

  @Option(
      names = "--ip",
      paramLabel = "RANGE",
      split = ",",
      description = "From where: 10.0.0.0/8, 203.0.113.7 (default: everywhere).")
  private List<String> ranges = List.of();

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "Refuse it from then on: after 12h, 90d, 8w, or at 2027-01-31T00:00:00Z.")
  private @Nullable String expires;

  @Option(names = "--json", description = "Print the key as the admin API answers it.")
  private boolean json;

  CreateKey(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Instant until = expires == null ? null : Times.later("--expires", expires, Instant.now());
    LocalTenants.with(
        context,
        home,
        services -> {
          Organisation org = services.tenancy().organisations().find(tenant);
          CreatedKey made = services.tenancy().together(() -> make(services, org, until));
          KeysCommand.show(context, made, KeysCommand.find(services, made.id()), json);
          return made;
        });
    return ExitCode.OK.number();
  }

  private CreatedKey make(AdminServices services, Organisation org, @Nullable Instant until) {
    CreatedKey made =
        services
            .keys()
            .create(
                LocalTenants.actor(),
                new NewKey(
                    name,
                    org.id(),
                    services.tenancy().projects().find(org, project).id(),
                    user == null ? 0 : services.tenancy().members().find(org, user).userId(),
                    0,
                    scopes(),
                    models.stream().map(ModelPattern::new).toList(),
                    ranges.stream().map(Network::parse).toList(),
                    until));
    long row = services.keys().find(org.id(), made.id()).rowId();
    for (String budget : budgets) {
      BudgetTerms terms = BudgetText.parse(budget, IsoCurrency.of(org.currency()));
      services
          .budgets()
          .set(
              LocalTenants.actor(),
              org,
              new BudgetTarget(Level.KEY, row, made.id()),
              terms,
              ExpectedVersion.ANY);
      if (terms.unit() == Unit.MONEY) {
        LocalTenants.noteUnpriced(context, services, org);
      }
    }
    return made;
  }

  private Optional<Set<Scope>> scopes() {
    if (scopes.isEmpty()) {
      return Optional.empty();
    }
    Set<Scope> wanted = EnumSet.noneOf(Scope.class);
    scopes.forEach(scope -> wanted.add(Scope.of(scope)));
    return Optional.of(wanted);
  }
}
