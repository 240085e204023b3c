package io.yuntai.cli.config;

import io.yuntai.models.catalog.EditDistance;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.config.ServerTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What an option is where no flag says it: what the environment says, else the configuration file's
 * table {@code [server]}, else nothing, which leaves the default.
 */
public final class SettingSources implements IDefaultValueProvider {
  /** The file's usual name. */
  public static final String FILE = "yuntai.toml";

  /** Options that a machine has rather than a call: the environment may say them. */
  private static final Set<String> OF_THE_ENVIRONMENT =
      Set.of(
          "--config",
          "--fiscal-start",
          "--home",
          "--host",
          "--port",
          "--kernel",
          "--kv-cache",
          "--memory-limit",
          "--no-packed-cache",
          "--prefix-cache",
          "--trusted-proxies");

  /** What belongs to a call, or says where the file is. */
  private static final Set<String> NOT_OF_THE_FILE =
      Set.of("--help", "--config", "--database", "--home", "--detach", "--json", "--report");

  private final Map<String, String> environment;
  private final Optional<Path> named;
  private final Optional<Path> namedHome;
  private @Nullable ServerTable table;

  /**
   * Where a value comes from.
   *
   * @param text the value as it was written
   * @param source such as {@code YUNTAI_PORT} or {@code yuntai.toml:3}
   */
  public record Origin(String text, String source) {}

  /**
   * @param environment the process's
   * @param arguments of the command line, which may name the file or the home
   */
  public SettingSources(Map<String, String> environment, String... arguments) {
    this.environment = environment;
    this.named = argument("--config", arguments).or(() -> variable("--config")).map(Path::of);
    this.namedHome = argument("--home", arguments).or(() -> variable("--home")).map(Path::of);
  }

  private static Optional<String> argument(String name, String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith(name + "=")) {
        return Optional.of(arguments[i].substring(name.length() + 1));
      }
      if (arguments[i].equals(name) && i + 1 < arguments.length) {
        return Optional.of(arguments[i + 1]);
      }
    }
    return Optional.empty();
  }

  private Optional<String> variable(String option) {
    return Optional.ofNullable(environment.get(variableName(option)))
        .filter(text -> !text.isEmpty());
  }

  private static String variableName(String option) {
    return "YUNTAI_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** An option's name in the file: {@code keep_responses} of {@code --keep-responses}. */
  static String keyOf(OptionSpec option) {
    return option.longestName().substring(2).replace('-', '_');
  }

  /** Whether somebody who wrote one name may have meant the other. */
  static boolean isNear(String written, String known) {
    return EditDistance.between(written, known) <= Math.max(2, written.length() / 3);
  }

  /** Whether the file may say it. */
  static boolean isSetting(OptionSpec option) {
    return !option.hidden() && !NOT_OF_THE_FILE.contains(option.longestName());
  }

  /** The configuration file: the one that is named, else the first that is there. */
  public Optional<Path> file() {
    if (named.isPresent()) {
      return named.map(Path::toAbsolutePath).filter(Files::isRegularFile);
    }
    HomeDirectory home =
        namedHome
            .map(HomeDirectory::new)
            .orElseGet(() -> HomeDirectory.platformDefault(environment));
    return List.of(Path.of(FILE), home.path().resolve(FILE)).stream()
        .filter(Files::isRegularFile)
        .map(Path::toAbsolutePath)
        .findFirst();
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? origins(option).stream().findFirst().map(Origin::text).orElse(null)
        : null;
  }

  /** All that say an option, the one that counts first. */
  List<Origin> origins(OptionSpec option) {
    Optional<Origin> byVariable =
        OF_THE_ENVIRONMENT.contains(option.longestName())
            ? variable(option.longestName())
                .map(text -> new Origin(flag(option, text), variableName(option.longestName())))
            : Optional.empty();
    return Stream.concat(byVariable.stream(), byFile(option).stream()).toList();
  }

  private static String flag(OptionSpec option, String text) {
    return option.arity().max() == 0 ? String.valueOf(!text.equals("0")) : text;
  }

  private Optional<Origin> byFile(OptionSpec option) {
    CommandSpec command = option.command();
    if (command == null || !command.name().equals("up") || !isSetting(option)) {
      return Optional.empty();
    }
    ServerTable file = table(command);
    return Optional.ofNullable(file.values().get(keyOf(option)))
        .map(value ->
            new Origin(
                String.join("\n", value.texts()),
                Optional.ofNullable(file.file().getFileName()).orElse(file.file())
                    + ":"
                    + value.line()));
  }

  private synchronized ServerTable table(CommandSpec up) {
    ServerTable read = table;
    if (read == null) {
      Optional<Path> file = file();
      read = file.isEmpty() ? new ServerTable(Path.of(FILE), Map.of()) : checked(file.get(), up);
      table = read;
    }
    return read;
  }

  /** The file's table, whose keys are settings of {@code up}. */
  private static ServerTable checked(Path file, CommandSpec up) {
    ServerTable read;
    try {
      read = ServerTable.read(file);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(up.commandLine(), String.valueOf(e.getMessage()));
    }
    Set<String> known = new TreeSet<>();
    up.options().stream().filter(SettingSources::isSetting).forEach(o -> known.add(keyOf(o)));
    read.values()
        .forEach((key, value) -> {
          if (!known.contains(key)) {
            List<String> near = known.stream().filter(name -> isNear(key, name)).toList();
            throw new ParameterException(
                up.commandLine(),
                "%s:%d:%d: 'server.%s' is not known; %s."
                    .formatted(
                        file,
                        value.line(),
                        value.column(),
                        key,
                        near.isEmpty()
                            ? "known are " + String.join(", ", known)
                            : "did you mean " + String.join(" or ", near)));
          }
        });
    return read;
  }
}
