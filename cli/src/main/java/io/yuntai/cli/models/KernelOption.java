package io.yuntai.cli.models;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.kernel.KernelChoice;
import picocli.CommandLine.Option;

/** {@code --kernel}, which every command has that runs a model. */
public final class KernelOption {
  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      defaultValue = KernelChoice.AUTO,
      description =
          "What computes; all give the same bits, and 'yuntai doctor' names those that run here (YUNTAI_KERNEL; default: ${DEFAULT-VALUE}, the fastest).")
  private String name = KernelChoice.AUTO;

  /**
   * The name, which runs here.
   *
   * @throws CommandException when it does not
   */
  public String name() {
    if (!name.equals(KernelChoice.AUTO)) {
      try {
        KernelChoice.named(name);
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, "--kernel: " + e.getMessage() + ".", e);
      }
    }
    return name;
  }
}
