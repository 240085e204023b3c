package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code yuntai commitments free|reserve|plan|list|end}. */
@Command(
    name = "commitments",
    description = "Free tokens, reserved tokens and savings plans of tenants.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai commitments free acme 1M --model 'qwen3*'",
      "  yuntai commitments reserve acme 50M --fee 100 --model qwen3-max",
      "  yuntai commitments plan acme 5 --by hour --off 20%%"
    })
public final class CommitmentsCommand extends Noun {
  private CommitmentsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new CommitmentsCommand(context),
        new AddFreeTokens(context),
        new AddReservation(context),
        new AddSavingsPlan(context),
        new ListCommitments(context),
        new EndCommitment(context));
  }
}
