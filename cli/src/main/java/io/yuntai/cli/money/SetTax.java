package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.TaxRate;
import io.yuntai.ledger.money.Ratio;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices tax}. */
@Command(
    name = "tax",
    description = "Say what tax buyers of a jurisdiction pay.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices tax DE VAT 19%% --from 2026-01-01"})
final class SetTax extends BooksVerb {
  @Parameters(index = "0", paramLabel = "JURISDICTION", description = "Such as DE or US-CA.")
  private String jurisdiction = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "As on the invoice, such as VAT.")
  private String name = "";

  @Parameters(index = "2", paramLabel = "RATE", description = "Such as 19%%.")
  private String rate = "";

  @Option(names = "--from", paramLabel = "TIME", required = true, description = "From when on.")
  private String from = "";

  SetTax(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    books
        .invoices()
        .taxRate(
            jurisdiction,
            new TaxRate(name, Ratio.parse(rate, "tax rate")),
            LocalBooks.instant(from));
    return ExitCode.OK;
  }
}
