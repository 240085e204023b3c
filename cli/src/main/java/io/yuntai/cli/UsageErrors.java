package io.yuntai.cli;

import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that can't be read: what is wrong, what may have been meant, where help is. */
final class UsageErrors implements IParameterExceptionHandler {
  private final Screen screen;

  UsageErrors(Screen screen) {
    this.screen = screen;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    screen.note("yuntai: " + e.getMessage());
    StringWriter suggestions = new StringWriter();
    if (UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions))) {
      screen.note(suggestions.toString().strip());
    }
    screen.note(
        "'"
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help' shows what there is.");
    return ExitCode.USAGE.number();
  }
}
