package io.yuntai.cli;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code yuntai help}. */
@Command(name = "help", description = "Explain Yuntai or one of its commands.")
final class HelpCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Such as: up, or: keys create.")
  private List<String> path = List.of();

  HelpCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).root().commandLine();
    for (String name : path) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new CommandException(
            ExitCode.USAGE,
            "There is no command '" + String.join(" ", path) + "': 'yuntai help' lists them.");
      }
      command = next;
    }
    command.usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
