package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.money.Money;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices refund}. */
@Command(
    name = "refund",
    description = "Enter that a tenant was given back what it had paid too much.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai invoices refund acme 119.00 --reference 'bank 4711'"})
final class RecordRefund extends BooksVerb {
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

  RecordRefund(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    long org = books.org(tenant);
    Money money = Money.parse(books.currency(org), amount);
    long entry = books.accounts().refunded(org, money, reference);
    context
        .screen()
        .note(context.text("payments.recorded", money.toString(), tenant, Long.toString(entry)));
    return ExitCode.OK;
  }
}
