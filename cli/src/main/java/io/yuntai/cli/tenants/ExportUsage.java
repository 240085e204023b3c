package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.UsageLines;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to (default: the terminal).")
  private @Nullable Path output;

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
    try (Writer out = writer()) {
      out.write(lines.head());
      services.exports().rows(org, from, to, row -> out.write(lines.line(row)));
      out.flush();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "The export can't be written to " + output + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "The export was interrupted.", e);
    }
  }

  private Writer writer() throws IOException {
    if (output != null) {
      return Files.newBufferedWriter(output);
    }
    Writer screen = new OutputStreamWriter(context.screen().out(), StandardCharsets.UTF_8);
    return new BufferedWriter(screen) {
      @Override
      public void close() throws IOException {
        flush(); // the screen is not ours
      }
    };
  }
}
