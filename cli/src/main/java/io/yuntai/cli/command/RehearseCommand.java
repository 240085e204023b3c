package io.yuntai.cli.command;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Goes through what a start does, so that the JVM can write down what it loads and compiles for it
 * (an AOT cache). Run once by the launcher after a build.
 */
@Command(name = "rehearse", hidden = true, description = "For the launcher: rehearse a start.")
public final class RehearseCommand implements Callable<Integer> {
  private final CliContext context;

  /** With this screen. */
  public RehearseCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.screen().note("rehearsed");
    return ExitCode.OK.number();
  }
}
