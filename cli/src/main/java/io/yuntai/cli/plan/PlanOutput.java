package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import picocli.CommandLine.Option;

/** How results are written. */
final class PlanOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "table or json (default: table).")
  private String form = "table";

  boolean isJson() {
    return switch (form) {
      case "json" -> true;
      case "table" -> false;
      default ->
          throw new CommandException(
              ExitCode.USAGE, "-o is table or json, not '%s'.".formatted(form));
    };
  }
}
