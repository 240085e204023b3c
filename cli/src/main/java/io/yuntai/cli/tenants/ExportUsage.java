package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.UsageLines;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai usage export}. */
@Command(
    name = "export",
    description = "Write every request of a tenant, a line each, however many there are.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai usage export --tenant acme --since 30d --output acme.csv",
      "  yuntai usage export --tenant acme --format jsonl | gzip > acme.jsonl.gz"
    })
final class ExportUsage implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = Organisation.DEFAULT,
      description = "Whose (default: ${DEFAULT-VALUE}).")
  private String tenant = "";

  @Mixin private final UsageSpan span = new UsageSpan();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "csv or jsonl (default: ${DEFAULT-VALUE}).")
  private String format = "";

  @Mixin private final UsageOutput output = new UsageOutput();

  ExportUsage(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Instant now = Instant.now();
    Instant from = span.from(now);
    Instant to = span.to(now);
    LocalTenants.with(
        context,
        home,
        services -> {
          Organisation org = services.tenancy().organisations().find(tenant);
          export(services, org, UsageLines.of(format, org), from, to);
          return true;
        });
    return ExitCode.OK.number();
  }

  private void export(
      AdminServices services, Organisation org, UsageLines lines, Instant from, Instant to) {
    output.write(
        context,
        out -> {
          out.write(lines.head());
          services.exports().rows(org, from, to, row -> out.write(lines.line(row)));
        });
  }
}
