package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.InvoiceFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices export}. */
@Command(
    name = "export",
    description = "Write an invoice as PDF, JSON, CSV or FOCUS.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices export INV-2026-000001 --format pdf --output november.pdf"})
final class ExportInvoice extends BooksVerb {
  @Parameters(paramLabel = "NUMBER", description = "The invoice.")
  private String number = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description = "json, csv, focus-1.2, focus-1.3 or pdf (json).")
  private String format = "json";

  @Option(names = "--output", paramLabel = "FILE", description = "Where to (standard output).")
  private @Nullable Path output;

  ExportInvoice(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    InvoiceFormat wanted =
        Arrays.stream(InvoiceFormat.values())
            .filter(one -> one.text().equals(format))
            .findFirst()
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.USAGE,
                    "'"
                        + format
                        + "' is no format: it must be one of "
                        + Arrays.stream(InvoiceFormat.values())
                            .map(InvoiceFormat::text)
                            .collect(Collectors.joining(", "))
                        + "."));
    byte[] bytes = books.invoices().find(number).export(wanted);
    Output.write(context, output, bytes);
    return ExitCode.OK;
  }
}
