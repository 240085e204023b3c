package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.RunningServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai down}. */
@Command(
    name = "down",
    description = "Stop the server: running answers get 10 s to finish, then everything ends.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai down",
      "  yuntai down --force           end it at once if it doesn't stop by itself"
    })
public final class DownCommand implements Callable<Integer> {
  private static final Duration PATIENCE = UpCommand.STOP_GRACE.plusSeconds(30);

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--force",
      description =
          "End the process if it has not stopped in time; the database recovers at the next start.")
  private boolean force;

  /** With this screen and environment. */
  public DownCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    HomeDirectory directory = home.directory(context.environment());
    Optional<ProcessHandle> process = RunningServer.process(directory);
    if (process.isEmpty()) {
      if (RunningServer.stopOrphans(directory)) {
        context.screen().result(context.text("down.orphans"));
      } else {
        context.screen().result(context.text("down.not-running"));
      }
      return ExitCode.OK.number();
    }
    long pid = process.get().pid();
    context.screen().progress(context.text("down.stopping", pid));
    process.get().destroy();
    if (!RunningServer.awaitEnd(process.get(), PATIENCE)) {
      if (!force) {
        throw new CommandException(
            ExitCode.FAILED,
            "Process "
                + pid
                + " has not stopped within "
                + PATIENCE.toSeconds()
                + " s: 'yuntai down --force' ends it, "
                + directory.logs().resolve("yuntai.log")
                + " may tell why.");
      }
      process.get().destroyForcibly();
      RunningServer.awaitEnd(process.get(), PATIENCE);
      RunningServer.stopOrphans(directory);
    }
    context.screen().result(context.text("down.stopped", pid));
    return ExitCode.OK.number();
  }
}
