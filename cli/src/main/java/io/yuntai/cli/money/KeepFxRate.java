package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.money.FxRate;
import io.yuntai.ledger.money.IsoCurrency;
import java.time.DateTimeException;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prices fx}. */
@Command(
    name = "fx",
    description = "Keep what a currency was worth in another on a day; reports convert by it.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai prices fx USD CNY 7.0965 --day 2026-11-30 --source PBOC"})
final class KeepFxRate extends BooksVerb {
  @Parameters(index = "0", paramLabel = "BASE", description = "One unit of this currency.")
  private String base = "";

  @Parameters(index = "1", paramLabel = "QUOTE", description = "Was worth so much of this one.")
  private String quote = "";

  @Parameters(index = "2", paramLabel = "RATE", description = "Such as 7.0965.")
  private String rate = "";

  @Option(names = "--day", paramLabel = "DAY", required = true, description = "On which day.")
  private String day = "";

  @Option(
      names = "--source",
      paramLabel = "NAME",
      required = true,
      description = "Who published it, such as PBOC or ECB.")
  private String source = "";

  KeepFxRate(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    LocalDate asOf;
    try {
      asOf = LocalDate.parse(day);
    } catch (DateTimeException wrong) {
      throw new CommandException(
          ExitCode.USAGE, "'" + day + "' is no day: write 2026-11-30.", wrong);
    }
    books
        .fxRates()
        .keep(
            new FxRate(
                IsoCurrency.of(base), IsoCurrency.of(quote), asOf, source, FxRate.parse(rate)));
    return ExitCode.OK;
  }
}
