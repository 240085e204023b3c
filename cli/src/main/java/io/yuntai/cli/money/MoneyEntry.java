package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.money.Money;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that enters money that came or went outside. */
abstract class MoneyEntry extends BooksVerb {
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

  MoneyEntry(CliContext context) {
    super(context);
  }

  /**
   * Enters it.
   *
   * @return the entry's number
   */
  abstract long enter(Accounts accounts, long org, Money money, String reference);

  @Override
  final ExitCode run(LocalBooks books) {
    long org = books.org(tenant);
    Money money = Money.parse(books.currency(org), amount);
    long entry = enter(books.accounts(), org, money, reference);
    context
        .screen()
        .note(context.text("payments.recorded", money.toString(), tenant, Long.toString(entry)));
    return ExitCode.OK;
  }
}
