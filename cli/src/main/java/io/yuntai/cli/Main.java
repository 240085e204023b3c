package io.yuntai.cli;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import java.util.Map;

/** Start of the yuntai command. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its code. */
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    CliContext context =
        new CliContext(Screen.ofProcess(environment), Messages.of(environment), environment);
    int code = CommandTree.of(context).execute(arguments);
    context.screen().out().flush();
    System.exit(code);
  }
}
