package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.UsageHour;
import io.yuntai.server.admin.AdminServices;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai usage hours}. */
@Command(
    name = "hours",
    description = {
      "Write what was used in each hour, of all tenants or of one, with the requests that were refused at",
      "a limit: what 'yuntai plan' reads as demand."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai usage hours --since 90d --output usage.csv",
      "  yuntai plan forecast usage.csv --model qwen2.5-coder:0.5b"
    })
final class ListUsageHours implements Callable<Integer> {
  private static final String HEAD =
      "hour,model,region,class,requests,input,cached,output,refused\r\n";

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(names = "--tenant", paramLabel = "NAME", description = "Whose (default: of all).")
  private @Nullable String tenant;

  @Mixin private final UsageSpan span = new UsageSpan();

  @Mixin private final UsageOutput output = new UsageOutput();

  ListUsageHours(CliContext context) {
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
          Optional<Organisation> org =
              Optional.ofNullable(tenant).map(services.tenancy().organisations()::find);
          output.write(context, out -> write(services, org, from, to, out));
          return true;
        });
    return ExitCode.OK.number();
  }

  private static void write(
      AdminServices services, Optional<Organisation> org, Instant from, Instant to, Writer out)
      throws IOException {
    out.write(HEAD);
    services.hours().each(org, from, to, hour -> out.write(line(hour)));
  }

  /** One server is one region, whose name only its owner knows. */
  private static String line(UsageHour hour) {
    return CsvText.row(
        List.of(
            hour.hour().toString(),
            hour.model(),
            "",
            hour.serviceClass(),
            Long.toString(hour.requests()),
            Long.toString(hour.input()),
            Long.toString(hour.cached()),
            Long.toString(hour.output()),
            Long.toString(hour.refused())));
  }
}
