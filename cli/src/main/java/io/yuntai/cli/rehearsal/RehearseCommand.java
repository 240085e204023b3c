package io.yuntai.cli.rehearsal;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.console.YuntaiConsole;
import io.yuntai.engine.LoadOptions;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.LogFormat;
import io.yuntai.server.QuietLogging;
import io.yuntai.server.ServerOptions;
import io.yuntai.server.ServerState;
import io.yuntai.server.SpeculationChoice;
import io.yuntai.server.YuntaiServer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/**
 * Goes through what a start does, so that the JVM can write down what it loads and compiles for it
 * (an AOT cache). Run once by the launcher after a build.
 */
@Command(name = "rehearse", hidden = true, description = "For the launcher: rehearse a start.")
public final class RehearseCommand implements Callable<Integer> {
  private static final int CONTEXT_TOKENS = 4096;

  /** Long enough that what reads prompts is compiled, and so what the JVM learnt of it kept. */
  private static final String PROMPT = "Tell me of rivers, and of hills. ".repeat(6);

  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  /** With this environment. */
  public RehearseCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("yuntai-rehearsal-");
    try (GatewayRequests gateway = GatewayRequests.open()) {
      Path model = home.resolve("tiny.gguf");
      TinyModel.write(model, CONTEXT_TOKENS);
      HomeDirectory directory = new HomeDirectory(home);
      directory.create();
      QuietLogging.toFile(directory.logs(), "info", LogFormat.TEXT);
      ServerOptions options =
          new ServerOptions(
              directory,
              "127.0.0.1",
              0,
              true,
              List.of(model.toString()),
              Optional.of(gateway.config(home)),
              LoadOptions.DEFAULTS,
              true,
              0,
              SpeculationChoice.DEFAULT);
      try (YuntaiServer _ =
          YuntaiServer.start(
              options, context.environment(), new YuntaiConsole(), gateway::listen)) {
        AgentQuestions.ask(ServerState.find(directory).orElseThrow());
        gateway.send(ServerState.find(directory).orElseThrow().url());
        perform("status", "--home", home.toString());
        perform("keys", "create", "rehearsal", "--home", home.toString());
        perform("run", model.toString(), "Hello", "--max-tokens", "16", "--home", home.toString());
      }
      // Without a server: first packing the weights, then reading what the first one kept.
      for (int run = 0; run < 2; run++) {
        perform("run", model.toString(), PROMPT, "--max-tokens", "256", "--home", home.toString());
      }
      perform("models", "--home", home.toString());
    } finally {
      delete(home);
    }
    return ExitCode.OK.number();
  }

  /** Runs another command in this process. What it returns does not matter here. */
  private void perform(String... arguments) {
    int _ = Objects.requireNonNull(spec).root().commandLine().execute(arguments);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
