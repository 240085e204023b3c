package io.yuntai.cli.routes;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.server.HomeDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which configuration file: the flag, else the environment, else the first that is there. */
public final class ConfigOption {
  private static final String NAME = "yuntai.toml";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration file (default: ./yuntai.toml, else yuntai.toml in the home directory).")
  private @Nullable Path config;

  /**
   * The file, absolute; empty where there is none.
   *
   * @throws CommandException when the named file does not exist
   */
  public Optional<Path> file(HomeDirectory home) {
    if (config != null) {
      if (!Files.isRegularFile(config)) {
        throw new CommandException(
            ExitCode.USAGE, "There is no configuration file " + config + " (--config).");
      }
      return Optional.of(config.toAbsolutePath());
    }
    return List.of(Path.of(NAME), home.path().resolve(NAME)).stream()
        .filter(Files::isRegularFile)
        .map(Path::toAbsolutePath)
        .findFirst();
  }
}
