package io.yuntai.cli;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.engine.kernel.KernelWarmUp;
import java.util.Map;
import java.util.Set;

/** Start of the yuntai command. */
public final class Main {
  private static final Set<String> LOADING_MODELS = Set.of("run", "up");

  private Main() {}

  /** Runs one command and ends the process with its code. */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && LOADING_MODELS.contains(arguments[0])) {
      KernelWarmUp.start();
    }
    Map<String, String> environment = System.getenv();
    CliContext context =
        new CliContext(Screen.ofProcess(environment), Messages.of(environment), environment);
    int code = CommandTree.of(context, arguments).execute(arguments);
    context.screen().out().flush();
    System.exit(code);
  }
}
