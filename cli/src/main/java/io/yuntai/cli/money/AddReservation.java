package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.CommitmentTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code commitments reserve}. */
@Command(
    name = "reserve",
    description = "Reserve tokens of each period for a fee.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai commitments reserve acme 50M --fee 100 --model qwen3-max"})
final class AddReservation extends AddCommitment {
  @Parameters(index = "1", paramLabel = "TOKENS", description = "How many, such as 50M.")
  private String tokens = "";

  @Option(
      names = "--fee",
      paramLabel = "AMOUNT",
      required = true,
      description = "What each period costs, in the tenant's currency.")
  private String fee = "";

  AddReservation(CliContext context) {
    super(context);
  }

  @Override
  CommitmentTerms terms(IsoCurrency currency) {
    return new CommitmentTerms.Reservation(tokens(tokens), nano(currency, fee));
  }
}
