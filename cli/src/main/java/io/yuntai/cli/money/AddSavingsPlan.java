package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.CommitmentTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code commitments plan}. */
@Command(
    name = "plan",
    description = "Commit to a sum for each period, for which less is paid for what is used.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai commitments plan acme 5 --by hour --off 20%%"})
final class AddSavingsPlan extends AddCommitment {
  @Parameters(
      index = "1",
      paramLabel = "AMOUNT",
      description = "The sum for each period, in the tenant's currency.")
  private String amount = "";

  @Option(
      names = "--off",
      paramLabel = "SHARE",
      required = true,
      description = "What is taken off prices, such as 20%%.")
  private String off = "";

  AddSavingsPlan(CliContext context) {
    super(context);
  }

  @Override
  CommitmentTerms terms(IsoCurrency currency) {
    Ratio less = Ratio.parse(off, "share");
    if (less.num().compareTo(less.den()) >= 0) {
      throw new MoneyException("A savings plan takes off less than all, not " + off + ".");
    }
    Ratio pays = new Ratio(less.den().subtract(less.num()), less.den());
    return new CommitmentTerms.SavingsPlan(nano(currency, amount), pays);
  }
}
