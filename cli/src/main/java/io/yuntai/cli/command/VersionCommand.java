package io.yuntai.cli.command;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code yuntai version}. */
@Command(
    name = "version",
    description = "Print the version of Yuntai, and of the JDK that runs it.")
public final class VersionCommand implements Callable<Integer> {
  private final CliContext context;

  /** With this screen. */
  public VersionCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context
        .screen()
        .result(
            "yuntai "
                + Version.text()
                + " (JDK "
                + Runtime.version()
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ")");
    return ExitCode.OK.number();
  }
}
