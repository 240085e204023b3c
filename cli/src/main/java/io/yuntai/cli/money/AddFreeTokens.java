package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.CommitmentTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code commitments free}. */
@Command(
    name = "free",
    description = "Let the first tokens of each period cost nothing.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai commitments free acme 1M --model 'qwen3*'"})
final class AddFreeTokens extends AddCommitment {
  @Parameters(index = "1", paramLabel = "TOKENS", description = "How many, such as 1M.")
  private String tokens = "";

  AddFreeTokens(CliContext context) {
    super(context);
  }

  @Override
  CommitmentTerms terms(IsoCurrency currency) {
    return new CommitmentTerms.FreeTokens(tokens(tokens));
  }
}
