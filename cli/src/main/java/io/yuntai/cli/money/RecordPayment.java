package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.money.Money;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices pay}. */
@Command(
    name = "pay",
    description = "Enter that a tenant has paid, so that its statement shows it.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices pay acme 119.00 --reference 'bank 4711'"})
final class RecordPayment extends BooksVerb {
  @Parameters(index = "0", paramLabel = "TENANT", description = "Who.")
  private String tenant = "";

  @Parameters(index = "1", paramLabel = "AMOUNT", description = "In its currency, such as 119.00.")
  private String amount = "";

  @Option(
      names = "--reference",
      paramLabel = "TEXT",
      required = true,
      description = "Such as the bank's; entered again, it is not entered twice.")
  private String reference = "";

  RecordPayment(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    long org = books.org(tenant);
    Money money = Money.parse(books.currency(org), amount);
    long entry = books.accounts().paid(org, money, reference);
    context
        .screen()
        .note(context.text("payments.recorded", money.toString(), tenant, Long.toString(entry)));
    return ExitCode.OK;
  }
}
