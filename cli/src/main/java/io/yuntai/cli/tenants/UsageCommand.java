package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.UsageBy;
import io.yuntai.ledger.usage.UsageSum;
import io.yuntai.server.admin.Views;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai usage}. */
@Command(
    name = "usage",
    description = "What a tenant used: requests, tokens and what they cost.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai usage --tenant acme --since 7d --by model",
      "  yuntai usage --tenant acme --since 2027-01-01T00:00:00Z --by day --csv",
      "  yuntai usage export --tenant acme --since 30d --output acme.csv"
    })
public final class UsageCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "Whose (default: ${DEFAULT-VALUE}).")
  private String tenant = "";

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      defaultValue = "model",
      description = "model, key, project, user, day or tenant (default: ${DEFAULT-VALUE}).")
  private String by = "";

  @Mixin private final UsageSpan span = new UsageSpan();

  @Option(names = "--csv", description = "Print comma-separated values.")
  private boolean csv;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  private UsageCommand(CliContext context) {
    this.context = context;
  }

  /** The noun, which reports, with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine usage = new CommandLine(new UsageCommand(context));
    usage.addSubcommand("export", new ExportUsage(context));
    usage.addSubcommand("hours", new ListUsageHours(context));
    return usage;
  }

  @Override
  public Integer call() {
    Instant now = Instant.now();
    Instant from = span.from(now);
    Instant to = span.to(now);
    UsageBy what = UsageBy.of(by);
    record Report(Organisation org, List<UsageSum> sums) {}
    Report report =
        LocalTenants.with(
            context,
            home,
            services -> {
              Organisation org = services.tenancy().organisations().find(tenant);
              return new Report(org, services.usage().sums(org, what, from, to));
            });
    if (json) {
      context
          .screen()
          .result(
              Json.text(
                  report.sums().stream().map(sum -> Views.usage(report.org(), sum)).toList()));
    } else if (csv) {
      csv(report.org(), report.sums());
    } else {
      table(report.org(), report.sums());
    }
    return ExitCode.OK.number();
  }

  private void csv(Organisation org, List<UsageSum> sums) {
    context
        .screen()
        .result(by + ",requests,input_tokens,cached_tokens,output_tokens,amount,currency");
    for (UsageSum sum : sums) {
      context
          .screen()
          .result(
              String.join(
                  ",",
                  quoted(sum.of()),
                  Long.toString(sum.requests()),
                  Long.toString(sum.inputTokens()),
                  Long.toString(sum.cachedTokens()),
                  Long.toString(sum.outputTokens()),
                  Views.money(org, sum.amountNano()),
                  org.currency()));
    }
  }

  /** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe. */
  private static String quoted(String text) {
    String safe = text.matches("(?s)[=+@\\t-].*") ? "'" + text : text;
    return safe.matches("[A-Za-z0-9 ._:/-]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
  }

  private void table(Organisation org, List<UsageSum> sums) {
    Table table =
        new Table(
                context.screen(),
                by.toUpperCase(Locale.ROOT),
                "REQUESTS",
                "INPUT",
                "CACHED",
                "OUTPUT",
                org.currency())
            .alignRight(1, 2, 3, 4, 5);
    for (UsageSum sum : sums) {
      table.row(
          sum.of(),
          Long.toString(sum.requests()),
          Long.toString(sum.inputTokens()),
          Long.toString(sum.cachedTokens()),
          Long.toString(sum.outputTokens()),
          Views.money(org, sum.amountNano()));
    }
    table.print();
  }
}
