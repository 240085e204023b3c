package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
public final class CommitmentsCommand implements Callable<Integer> {
  private final CliContext context;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private CommitmentsCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine commitments = new CommandLine(new CommitmentsCommand(context));
    commitments.addSubcommand("free", new AddFreeTokens(context));
    commitments.addSubcommand("reserve", new AddReservation(context));
    commitments.addSubcommand("plan", new AddSavingsPlan(context));
    commitments.addSubcommand("list", new ListCommitments(context));
    commitments.addSubcommand("end", new EndCommitment(context));
    return commitments;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
