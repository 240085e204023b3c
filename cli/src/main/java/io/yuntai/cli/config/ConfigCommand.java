package io.yuntai.cli.config;

import io.yuntai.cli.command.UpCommand;
import io.yuntai.cli.config.SettingSources.Origin;
import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.server.routes.RouteTable;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.routes.RoutesFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code yuntai config}. */
@Command(
    name = "config",
    synopsisSubcommandLabel = "[COMMAND]",
    description = "Show what 'yuntai up' would use, and where each setting comes from.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai config",
      "  yuntai config check --config yuntai.toml",
      "  yuntai config explain prefix_cache"
    })
public final class ConfigCommand implements Callable<Integer> {
  private static final String DEFAULT = "default";

  /** Where an option's description tells what stands in for a value that is not there. */
  private static final Pattern TOLD_DEFAULT = Pattern.compile("\\(default: ([^;)]+)");

  private final CliContext context;

  @Mixin private final Where where = new Where();

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  private ConfigCommand(CliContext context) {
    this.context = context;
  }

  /** The command and its verbs. */
  public static CommandLine tree(CliContext context) {
    return new CommandLine(new ConfigCommand(context))
        .addSubcommand("check", new Check(context))
        .addSubcommand("explain", new Explain(context));
  }

  /** Which file is meant; also read by {@link SettingSources} before the command runs. */
  private static final class Where {
    @Mixin private final HomeOption home = new HomeOption();

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "Configuration file (default: ./yuntai.toml, else yuntai.toml in the home directory).")
    private @Nullable Path config;

    SettingSources sources(CliContext context) {
      List<String> arguments = new ArrayList<>();
      if (home.isGiven()) {
        arguments.add("--home=" + home.directory(context.environment()).path());
      }
      if (config != null) {
        arguments.add("--config=" + config);
      }
      SettingSources sources =
          new SettingSources(context.environment(), arguments.toArray(String[]::new));
      if (config != null && sources.file().isEmpty()) {
        throw new CommandException(
            ExitCode.NOT_FOUND, "There is no configuration file " + config + " (--config).");
      }
      return sources;
    }
  }

  /** The settings of {@code up}, which are those of a server. */
  private static List<OptionSpec> settings(CliContext context) {
    CommandLine up = new CommandLine(new UpCommand(context));
    return up.getCommandSpec().options().stream().filter(SettingSources::isSetting).toList();
  }

  /** As {@code up} would be called without flags; a value that it can't take is told. */
  private static void requireReadable(CliContext context, SettingSources sources) {
    CommandLine up = new CommandLine(new UpCommand(context)).setDefaultValueProvider(sources);
    try {
      up.parseArgs();
    } catch (ParameterException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> row(OptionSpec option, SettingSources sources) {
    Optional<Origin> origin = sources.origins(option).stream().findFirst();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("setting", SettingSources.keyOf(option));
    row.put("value", origin.map(o -> o.text().replace("\n", ", ")).orElse(defaultOf(option)));
    row.put("from", origin.map(Origin::source).orElse(DEFAULT));
    return row;
  }

  private static String defaultOf(OptionSpec option) {
    String text = option.defaultValue();
    if (text != null && !text.isEmpty()) {
      return text;
    }
    if (option.arity().max() == 0) {
      return "false";
    }
    Matcher told = TOLD_DEFAULT.matcher(String.join(" ", option.description()));
    return told.find() ? told.group(1) : "-";
  }

  @Override
  public Integer call() {
    SettingSources sources = where.sources(context);
    requireReadable(context, sources);
    List<Map<String, Object>> rows =
        settings(context).stream().map(option -> row(option, sources)).toList();
    if (json) {
      context.screen().result(Json.text(rows));
      return ExitCode.OK.number();
    }
    Table table = new Table(context.screen(), "SETTING", "VALUE", "FROM");
    rows.forEach(
        row -> table.row(row.values().stream().map(String::valueOf).toArray(String[]::new)));
    table.print();
    context
        .screen()
        .note(
            sources
                .file()
                .map(file -> context.text("config.file", file))
                .orElse(context.text("config.nofile")));
    return ExitCode.OK.number();
  }

  @Command(
      name = "check",
      description =
          "Say whether the configuration file can be used, and if not, where it is wrong.",
      footerHeading = "%nExamples:%n",
      footer = "  yuntai config check")
  private static final class Check implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final Where where = new Where();

    Check(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      SettingSources sources = where.sources(context);
      Path file =
          sources
              .file()
              .orElseThrow(
                  () -> new CommandException(ExitCode.NOT_FOUND, context.text("config.nofile")));
      requireReadable(context, sources);
      try {
        RouteTable routes = RoutesFile.read(file, context.environment());
        long set =
            settings(context).stream()
                .flatMap(option -> sources.origins(option).stream())
                .filter(origin -> origin.source().contains(":"))
                .count();
        context
            .screen()
            .result(
                context.text(
                    "config.good", file, set, routes.routes().size(), routes.upstreams().size()));
        return ExitCode.OK.number();
      } catch (RoutesFileException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
      }
    }
  }

  @Command(
      name = "explain",
      description = "Tell one setting's value, where it comes from, and what it means.",
      footerHeading = "%nExamples:%n",
      footer = "  yuntai config explain port")
  private static final class Explain implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final Where where = new Where();

    @Parameters(paramLabel = "SETTING", description = "The setting, such as port or --port.")
    private String name = "";

    Explain(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      SettingSources sources = where.sources(context);
      String key = name.replaceFirst("^--", "").replace('-', '_');
      List<OptionSpec> all = settings(context);
      OptionSpec option =
          all.stream()
              .filter(one -> SettingSources.keyOf(one).equals(key))
              .findFirst()
              .orElseThrow(() -> unknown(key, all));
      Map<String, Object> row = row(option, sources);
      context.screen().result(row.get("setting") + " = " + row.get("value"));
      List<Origin> origins = sources.origins(option);
      for (int i = 0; i < origins.size(); i++) {
        Origin origin = origins.get(i);
        context
            .screen()
            .result(
                context.text(
                    i == 0 ? "config.from" : "config.hidden", origin.source(), origin.text()));
      }
      context
          .screen()
          .result(
              context.text(
                  origins.isEmpty() ? "config.from" : "config.hidden", DEFAULT, defaultOf(option)));
      context
          .screen()
          .result(
              String.join(" ", option.description())
                  .replace("${DEFAULT-VALUE}", defaultOf(option)));
      return ExitCode.OK.number();
    }

    private static CommandException unknown(String key, List<OptionSpec> all) {
      List<String> names = all.stream().map(SettingSources::keyOf).sorted().toList();
      List<String> near =
          names.stream().filter(known -> SettingSources.isNear(key, known)).toList();
      return new CommandException(
          ExitCode.NOT_FOUND,
          "There is no setting %s; %s."
              .formatted(
                  key,
                  near.isEmpty()
                      ? "there are " + String.join(", ", names)
                      : "did you mean " + String.join(" or ", near)));
    }
  }
}
