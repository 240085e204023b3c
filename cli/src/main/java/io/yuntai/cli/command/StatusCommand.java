package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Units;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.ServerState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai status}. */
@Command(
    name = "status",
    description =
        "Say whether the server runs, where, and what it serves. Exits with 3 when it doesn't run.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai status", "  yuntai status --json"})
public final class StatusCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** With this screen and environment. */
  public StatusCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    HomeDirectory directory = home.directory(context.environment());
    Optional<ServerState> found = ServerState.find(directory);
    if (found.isEmpty()) {
      context.screen().note(context.text("status.not-running", directory.path()));
      return ExitCode.UNREACHABLE.number();
    }
    ServerState state = found.get();
    Duration uptime = Duration.between(Instant.ofEpochMilli(state.readyMillis()), Instant.now());
    List<String> models = state.models().stream().map(ServerState.ServedModel::name).toList();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("url", state.url());
      fields.put("pid", state.pid());
      fields.put("models", models);
      fields.put("kernel", state.kernel());
      fields.put("database", state.database());
      fields.put("uptime_seconds", Math.max(0, uptime.toSeconds()));
      context.screen().result(Json.text(fields));
      return ExitCode.OK.number();
    }
    Screen screen = context.screen();
    screen.result(
        screen.resultStyle().ok("● ")
            + context.text(
                "status.running",
                screen.resultStyle().strong(state.url()),
                state.pid(),
                Units.duration(uptime)));
    screen.result(context.text("status.models", String.join(", ", models)));
    screen.result(context.text("status.kernel", state.kernel()));
    screen.result(context.text("status.database", state.database()));
    screen.result(context.text("status.home", directory.path()));
    return ExitCode.OK.number();
  }
}
